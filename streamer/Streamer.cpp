// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Streamer.h"

namespace millpond::streamer {

Streamer::Streamer(const Parts& parts, const Config& config)
    : config_(config),
      source_(parts.source),
      stop_(parts.stop),
      backlog_(parts.memory, Backlog::limitsOf(parts.memory), config.when_full),
      supervisor_(parts.memory, parts.bus, parts.pressure, backlog_),
      capture_({parts.source, parts.read_buffer, parts.memory, backlog_, parts.bus, supervisor_, parts.stop}),
      uplink_({backlog_, parts.resolver, parts.link, parts.stop, &parts.bus}, config.uplink) {}

Streamer::~Streamer() {
  stop();
  join();
}

bool Streamer::start() {
  if (!backlog_.ready()) return false;
  const auto capture = [](void* self) { static_cast<Streamer*>(self)->capture(); };
  const auto send = [](void* self) { static_cast<Streamer*>(self)->send(); };
  capturing_.store(1);
  sending_.store(1);
  if (network_task_.start(config_.network, send, this)) {
    if (capture_task_.start(config_.capture, capture, this)) return true;
  } else {
    sending_.store(0);
  }
  capturing_.store(0);
  stop();
  join();
  return false;
}

void Streamer::capture() {
  tell(true);
  capture_.run();
  tell(false);
  capturing_.storeOrdered(0);
}

void Streamer::send() {
  tell(true);
  uplink_.run();
  tell(false);
  stop();  // the uplink gave up, so capture has nothing left to wait for
  sending_.storeOrdered(0);
}

void Streamer::stop() {
  stop_.raise();
  source_.stop();
  backlog_.stop();
}

void Streamer::join() {
  capture_task_.join();
  network_task_.join();
  backlog_.abandon();
}

}  // namespace millpond::streamer
