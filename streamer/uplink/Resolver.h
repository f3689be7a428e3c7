// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>

#include "millpond/port/Port.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/uplink/Endpoint.h"

namespace millpond::streamer {

/// Looks up the receiver's address on a task of its own. The system's look-up may allocate, may take half a
/// minute, and cannot be interrupted.
class Resolver {
 public:
  /// Returns: the present addresses. `context` is what the resolver was made with. Context: the resolver's
  /// task.
  using LookUp = Endpoints (*)(void* context);

  Resolver(LookUp look_up, void* context, const StopFlag& stop)
      : look_up_(look_up), context_(context), stop_(stop) {}
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  /// Effect: waits for the look-up that runs, if any, and ends the task.
  ~Resolver();

  /// Effect: starts the task. Returns: false if the system refuses. Requires: the first call.
  bool start(const port::TaskSettings& settings);

  /// Effect: starts a look-up, or continues to wait for one that timed out in an earlier call; allocates
  /// nothing. Returns: the result, valid until the next call; nullptr if it takes longer than `timeout`, or
  /// within 50 ms after the stop flag is raised. Requires: started. Context: one task.
  const Endpoints* resolve(std::chrono::milliseconds timeout);

  /// Whether a look-up runs.
  bool busy() const { return wanted_.load() != 0; }

 private:
  void run();

  const LookUp look_up_;
  void* const context_;
  const StopFlag& stop_;
  Endpoints found_;  // the task's while `wanted_`, else the caller's
  Word wanted_;
  Word ending_;
  Port::Event request_;
  Port::Event answer_;
  Port::Task task_;
};

}  // namespace millpond::streamer
