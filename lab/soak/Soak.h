// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "lab/device/Policy.h"
#include "lab/device/Scenario.h"
#include "lab/device/SoakResult.h"
#include "lab/policies/PoolFile.h"

namespace millpond::lab {

/// What a run records besides its figures.
struct SoakOptions {
  bool timeline = false;  // at most 500 samples of memory, evenly spaced
  bool map = false;       // 100 rows of 128 cells over all RAM
  /// Where the trace of the device's requests goes; nullptr: none. It ends with the last day: what the run
  /// releases afterwards is not in it.
  const TraceSink* trace = nullptr;
  /// Called every ten seconds of the device's life with the finished share, 0 to 1; may be empty.
  std::function<void(double)> progress;
};

/// Effect: runs the device of `scenario` for `days` days on `policy`. Its events follow from `seed` and are
/// the same for every policy. Drives the clock of `LinuxPort` meanwhile: only one run at a time in a process.
/// Requires: days > 0. Returns: what happened. Throws: std::runtime_error with one line for an unknown
/// policy, for a boot that does not fit in RAM, and for a user's allocator that cannot be loaded or breaks
/// its contract.
SoakResult soak(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed,
                const SoakOptions& options = {});

/// Effect, requires, returns: as above, on the pools of `file`. Throws: std::runtime_error with one line if
/// they leave no room for a heap.
SoakResult soak(const Scenario& scenario, const PoolFile& file, double days, std::uint64_t seed,
                const SoakOptions& options = {});

/// Effect, requires, returns: as `soak`, on the caller's policy in `ram`. The result has neither the policy's
/// name nor the run's time.
SoakResult soakOn(Policy& policy, std::span<std::byte> ram, const Scenario& scenario, double days,
                  std::uint64_t seed, const SoakOptions& options = {});

}  // namespace millpond::lab
