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

namespace millpond::lab {

/// What else a run shall keep beside its figures.
struct SoakOptions {
  bool timeline = false;  // at most 500 looks at memory, evenly spaced
  bool map = false;       // 100 rows of 128 cells over all RAM
  /// Called every ten seconds of the device's life with the share done, 0 to 1; may be empty.
  std::function<void(double)> progress;
};

/// Effect: lets the device of `scenario` live `days` days on `policy`, its events drawn from `seed`, the same
/// for every policy. The clock of `LinuxPort` is driven meanwhile: one run at a time in a process.
/// Requires: days > 0.
/// Returns: what happened. Throws: std::runtime_error, in one line, for a policy that there is not, and for
/// an allocator of the user's that cannot be loaded or that breaks its contract.
SoakResult soak(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed,
                const SoakOptions& options = {});

/// Effect, requires, returns: as `soak`, on a policy of the caller's in `ram`; neither its name nor the time
/// it took is in the result.
SoakResult soakOn(Policy& policy, std::span<std::byte> ram, const Scenario& scenario, double days,
                  std::uint64_t seed, const SoakOptions& options = {});

}  // namespace millpond::lab
