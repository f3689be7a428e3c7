// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Streamer.h"

namespace millpond::streamer {

Streamer::Streamer(const Parts& parts, const Config& config)
    : source_(parts.source),
      backlog_(parts.memory, Backlog::limitsOf(parts.memory), config.when_full),
      supervisor_(parts.memory, parts.bus, parts.pressure, backlog_),
      capture_({parts.source, parts.read_buffer, parts.memory, backlog_, parts.bus, supervisor_, stop_}),
      uplink_(backlog_, config.uplink, stop_, &parts.bus),
      on_streaming_(config.on_streaming) {}

Streamer::~Streamer() {
  stop();
  join();
}

bool Streamer::start() {
  if (!backlog_.ready()) return false;
  running_ = 2;
  capture_thread_ = std::thread([this] {
    stream(capture_);
    --running_;
  });
  network_thread_ = std::thread([this] {
    stream(uplink_);
    stop();  // the uplink gave up, so capture has nothing left to wait for
    --running_;
  });
  return true;
}

template <class Task>
void Streamer::stream(Task& task) {
  if (on_streaming_ != nullptr) on_streaming_(true);
  task.run();
  if (on_streaming_ != nullptr) on_streaming_(false);
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
