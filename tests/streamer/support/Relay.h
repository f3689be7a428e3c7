// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <thread>

#include "cli/receiver/HostPort.h"
#include "tests/streamer/support/Listener.h"

namespace millpond::test {

/// Passes connections on to a receiver, one at a time, and spoils the first.
class Relay {
 public:
  struct Fault {
    enum class Kind { none, cut, cut_half_way, stall, corrupt };
    Kind kind = Kind::none;
    /// At which flight, counted from 1: what comes from one side without an answer in between. 5 is the first
    /// with data.
    unsigned flight = 0;
  };

  Relay(const cli::HostPort& receiver, const Fault& fault);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  /// Requires: no connection goes through it, or a stalled one.
  ~Relay();

  cli::HostPort address() const { return listener_.address(); }

 private:
  void run();
  void pass(int device, int receiver, Fault fault) const;

  cli::HostPort receiver_;
  Fault fault_;
  Listener listener_;
  int ending_;
  std::thread thread_;  // last: it uses all of those
};

}  // namespace millpond::test
