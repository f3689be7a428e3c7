// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <functional>
#include <memory>

#include "streamer/uplink/Resolver.h"

namespace millpond::cli {

/// A resolver on this host, and the function that it calls. Where a look-up hangs, the end of this object
/// does not wait for it: both are left to the process.
class LookUp {
 public:
  using Function = std::function<streamer::Endpoints()>;

  /// Throws `Error` if the system has no thread for it.
  LookUp(Function function, const streamer::StopFlag& stop);
  LookUp(const LookUp&) = delete;
  LookUp& operator=(const LookUp&) = delete;
  ~LookUp();

  streamer::Resolver& resolver();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace millpond::cli
