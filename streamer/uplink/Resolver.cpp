// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Resolver.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace millpond::streamer {

struct Resolver::Shared {
  explicit Shared(LookUp function) : look_up(std::move(function)) {}

  LookUp look_up;
  std::mutex mutex;
  std::condition_variable changed;
  bool wanted = false;
  bool abandoned = false;
  Endpoints found;  // owned by the thread while `wanted`, else by the caller
};

Resolver::Resolver(LookUp look_up, const StopFlag& stop)
    : shared_(std::make_shared<Shared>(std::move(look_up))), stop_(stop) {
  std::thread([shared = shared_] { run(shared); }).detach();
}

Resolver::~Resolver() {
  const std::lock_guard lock(shared_->mutex);
  shared_->abandoned = true;
  shared_->changed.notify_all();
}

void Resolver::run(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->wanted || shared->abandoned; });
    if (shared->abandoned) return;
    lock.unlock();
    shared->found = shared->look_up();
    lock.lock();
    shared->wanted = false;
    shared->changed.notify_all();
  }
}

const Endpoints* Resolver::resolve(std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point until = Clock::now() + timeout;
  std::unique_lock lock(shared_->mutex);
  shared_->wanted = true;
  shared_->changed.notify_all();
  while (shared_->wanted && !stop_.raised() && Clock::now() < until) {
    shared_->changed.wait_until(lock, std::min(until, Clock::now() + StopFlag::check_interval));
  }
  return shared_->wanted ? nullptr : &shared_->found;
}

}  // namespace millpond::streamer
