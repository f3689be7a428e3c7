// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "sizing/BlockSizes.h"
#include "sizing/DemandCurve.h"
#include "sizing/Granules.h"
#include "sizing/Survey.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// What the sizes of one pool follow from.
struct PoolStudy {
  IntervalPeaks peaks{{}};
  /// For a pool of runs: first fit by size of granule.
  std::vector<FirstFit> fits;
  /// The demand of all sources but the rare ones and what is kept for ever; and of those of them that have no
  /// declared bound.
  DemandCurve usual;
  DemandCurve unbounded;
};

/// Returns: the study of each pool, from one pass over each device. Block sizes are multiples of `alignment`.
/// `bounded`: the sources with a declared bound.
std::vector<PoolStudy> study(const Workload& workload, const Survey& survey, std::uint32_t alignment,
                             const std::set<NameIndex>& bounded);

/// Returns: the most bytes that requests of each interval of sizes in `pools` held at once, for the requests
/// to pool `of`.
std::vector<std::uint64_t> heldIn(const Workload& workload, NameIndex of,
                                  const std::vector<BlockCount>& pools);

/// What each number of blocks of each pool would have refused, and what the blocks wasted.
struct RefusedWith {
  std::uint32_t blocks = 0;
  std::uint64_t refused = 0;
};
struct Refusals {
  /// For each pool, ascending in blocks. Of many granules only some numbers are tried.
  std::vector<std::vector<RefusedWith>> by_blocks;
  /// Bytes wasted on average over time, by source, for each pool.
  std::vector<std::vector<double>> waste;
};

/// Returns: the refusals of each pool of `sizes`, and `beyond` blocks more than it has. Exact: a pool of
/// blocks takes the lowest free one, so what block i and those above it serve is what i blocks refuse; a pool
/// of runs is tried with each number of granules.
Refusals refusals(const Workload& workload, const std::vector<PoolSize>& sizes, std::uint32_t beyond);

}  // namespace millpond::sizing
