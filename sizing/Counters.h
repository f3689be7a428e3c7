// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "millpond/MemoryManager.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// What fewer blocks of one pool would have refused, from the counters of one device or, added up, of many.
struct PoolCounters {
  PoolSize size;
  /// By the number of blocks, from 0 to those the pool has: falls, and ends with what it did refuse.
  std::vector<std::uint64_t> refused;
  /// Empty if the counters are exact, else why they are not.
  std::string why_not_exact;

  /// The fewest blocks that would have refused no more than the pool did.
  std::uint32_t leastBlocks() const;
};

/// The counters of one or many devices.
struct Counters {
  std::vector<PoolCounters> pools;
  double seconds = 0;
  std::uint32_t devices = 0;
  /// The lives of the devices from a start to the next, as far as the files tell: at least one each.
  std::uint32_t starts = 0;
};

/// Returns: what the pools of `memory` would have refused in the `seconds` since its set-up.
Counters countersOf(const MemoryManager& memory, double seconds);

/// Returns: `counters` as `millpond run` and `stream` print them, under "what_if".
nlohmann::json toJson(const Counters& counters);

/// Returns: a line for each pool: how many blocks would have done, and what one fewer would have refused.
std::vector<std::string> whatIfLines(const Counters& counters);

/// Returns: the sum of the counters in the JSON files of devices. Files with the same "device" are one
/// device, and with the same "boot" one life of it, of which the last file counts; lives add up. Throws:
/// `SizingError` for a file that cannot be read, of another version, with counters that contradict each other
/// or fall within a life, and for devices with different pools.
Counters readCounters(const std::vector<std::string>& files);

}  // namespace millpond::sizing
