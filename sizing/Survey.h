// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "sizing/Workload.h"

namespace millpond::sizing {

/// What one source requested of one pool, over all devices.
struct SourceDemand {
  NameIndex source = 0;
  std::uint64_t requests = 0;
  std::uint64_t given_back = 0;
  /// The most blocks that one device's source held at once, and their bytes.
  std::uint32_t peak = 0;
  /// The most blocks that one device took early and never gave back.
  std::uint32_t permanent = 0;
  std::uint64_t longest_life_us = 0;
  /// Whether what it holds grows without end, and how many blocks it lost then.
  bool leaks = false;
  std::uint32_t lost_blocks = 0;
  /// Whether it requested too seldom for a word about its future: all it ever holds is set apart.
  bool rare = false;
  /// The times that it began to request after a second without, and the seconds in which it did.
  std::uint64_t episodes = 0;
  double active_s = 0;
};

/// What was requested of one pool, over all devices.
struct PoolDemand {
  std::uint64_t requests = 0;
  std::uint32_t largest = 0;
  /// The most blocks, and the most bytes, that one device held at once.
  std::uint32_t peak = 0;
  std::uint64_t peak_bytes = 0;
  /// Who held the blocks at that peak: blocks by source; on which device, and when.
  std::map<NameIndex, std::uint32_t> holders_at_peak;
  std::size_t peak_device = 0;
  std::uint64_t peak_us = 0;
  std::vector<SourceDemand> sources;

  const SourceDemand* leak() const;
};

/// A first look at a workload: who requests what, for how long.
struct Survey {
  explicit Survey(const Workload& workload);

  std::vector<PoolDemand> pools;
  /// The blocks that each device took early and never gave back, by their number among its requests.
  std::vector<std::unordered_set<std::uint64_t>> permanent;
  /// The most bytes that one device's pools with blocks, and all of its requests, held at once.
  std::uint64_t pooled_peak_bytes = 0;
  std::uint64_t peak_bytes = 0;
};

}  // namespace millpond::sizing
