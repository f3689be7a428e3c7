// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "streamer/backlog/StopFlag.h"
#include "streamer/uplink/Endpoint.h"

namespace millpond::streamer {

/// Looks up the receiver's address on its own thread. The system's resolver allocates, may take half a
/// minute, and cannot be interrupted.
class Resolver {
 public:
  using LookUp = std::function<Endpoints()>;

  /// Effect: starts the thread. Only that thread calls `look_up` and frees its results.
  Resolver(LookUp look_up, const StopFlag& stop);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  /// Effect: detaches the thread, which ends after the current look-up.
  ~Resolver();

  /// Effect: starts a look-up, or continues to wait for one that timed out in an earlier call; allocates
  /// nothing. Returns: the result, valid until the next call; nullptr if it takes longer than `timeout`, or
  /// within 50 ms after the stop flag is raised.
  const Endpoints* resolve(std::chrono::milliseconds timeout);

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  const StopFlag& stop_;
};

}  // namespace millpond::streamer
