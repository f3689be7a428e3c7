// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Resolver.h"

#include "streamer/backlog/Deadline.h"

namespace millpond::streamer {

Resolver::~Resolver() {
  ending_.store(1);
  request_.notify();
  task_.join();
}

bool Resolver::start(const port::TaskSettings& settings) {
  return task_.start(
      settings, [](void* self) { static_cast<Resolver*>(self)->run(); }, this);
}

void Resolver::run() {
  while (true) {
    request_.wait(UINT64_MAX);
    if (ending_.load() != 0) return;
    found_ = look_up_(context_);
    wanted_.storeOrdered(0);
    answer_.notify();
  }
}

const Endpoints* Resolver::resolve(std::chrono::milliseconds timeout) {
  const Deadline until = Deadline::in(timeout);
  if (wanted_.loadOrdered() == 0) {
    wanted_.store(1);
    request_.notify();
  }
  while (wanted_.loadOrdered() != 0 && !stop_.raised() && !until.passed()) {
    until.earlierOf(Deadline::in(StopFlag::check_interval)).waitFor(answer_);
  }
  return wanted_.loadOrdered() != 0 ? nullptr : &found_;
}

}  // namespace millpond::streamer
