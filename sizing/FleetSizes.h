// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace millpond::sizing {

/// A pool as the devices of a fleet have it, and what each of them needed of it.
struct FleetPool {
  struct Need {
    /// The most blocks that a request needed; one more than the pool has if a request found none.
    std::uint32_t blocks = 0;
    /// The blocks that the device's pool has.
    std::uint32_t has = 0;
  };

  std::uint32_t block_size = 0;
  /// The most blocks that a device has.
  std::uint32_t blocks = 0;
  /// Whether each device's counters are exact.
  bool exact = true;
  std::map<std::string, Need> needs;  // by device; of a pool of runs nobody tells them
};

/// The pools that serve a share of a fleet's devices without a refusal, in the fewest bytes.
struct FleetSizes {
  struct Pool {
    std::string name;
    std::uint32_t block_size = 0;
    std::uint32_t now = 0;              // the most blocks that a device has
    std::uint32_t blocks = 0;           // the answer; as now, if the pool is not judged
    bool judged = true;                 // false if the counters are not exact, or there are none
    bool at_least = false;              // a device that it serves found no block: it may need more
    std::vector<std::uint32_t> needed;  // in ascending order, one a device
  };
  struct Unserved {
    std::string device, pool;
    FleetPool::Need need;
  };

  std::vector<Pool> pools;
  std::size_t devices = 0;
  /// In the order of their names; a device is there once for each pool that is too small for it.
  std::vector<Unserved> unserved;
  std::size_t unserved_devices = 0;
};

/// Returns: the sizes that serve at least the share `share`, above 0 and up to 1, of all devices. Cost: grows
/// with the devices that may remain unserved, to the power of the pools.
FleetSizes fleetSizes(const std::map<std::string, FleetPool>& pools, double share);

}  // namespace millpond::sizing
