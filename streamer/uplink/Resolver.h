// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "streamer/backlog/StopFlag.h"
#include "streamer/uplink/Endpoint.h"

namespace millpond::streamer {

/// Looks up where the receiver is, on a thread of its own: the system's resolver allocates, may take half a
/// minute, and cannot be interrupted.
class Resolver {
 public:
  using LookUp = std::function<Endpoints()>;

  /// Effect: starts the thread, which is the only one to call `look_up` and to free what it gave.
  Resolver(LookUp look_up, const StopFlag& stop);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  /// Effect: leaves the thread to itself; it ends once the look-up under way does.
  ~Resolver();

  /// Effect: looks up anew, or goes on waiting for the look-up that a call before gave up; allocates nothing.
  /// Returns: what it found, until the next call; nullptr where that takes longer than `timeout`, or at most
  /// 50 ms after the stop flag is raised.
  const Endpoints* resolve(std::chrono::milliseconds timeout);

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  const StopFlag& stop_;
};

}  // namespace millpond::streamer
