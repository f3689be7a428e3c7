// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Streamer.h"

namespace millpond::streamer {

Streamer::Streamer(MemoryManager& memory, AudioSource& source, std::span<std::int32_t> read_buffer,
                   const Config& config)
    : source_(source),
      backlog_(memory, Backlog::limitsOf(memory), config.when_full),
      capture_(source, read_buffer, backlog_, stop_),
      uplink_(backlog_, config.uplink, stop_),
      on_streaming_(config.on_streaming) {}

Streamer::~Streamer() {
  stop();
  join();
}

bool Streamer::start() {
  if (!backlog_.ready()) return false;
  running_ = 2;
  capture_thread_ = launch(capture_);
  network_thread_ = launch(uplink_);
  return true;
}

template <class Task>
std::thread Streamer::launch(Task& task) {
  return std::thread([this, &task] {
    if (on_streaming_ != nullptr) on_streaming_(true);
    task.run();
    if (on_streaming_ != nullptr) on_streaming_(false);
    --running_;
  });
}

void Streamer::stop() {
  stop_.raise();
  source_.stop();
  backlog_.stop();
}

void Streamer::join() {
  if (capture_thread_.joinable()) capture_thread_.join();
  if (network_thread_.joinable()) network_thread_.join();
  backlog_.abandon();
}

}  // namespace millpond::streamer
