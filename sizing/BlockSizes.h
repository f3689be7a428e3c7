// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace millpond::sizing {

/// Returns: the least multiple of `unit` of at least `bytes`.
constexpr std::uint32_t roundedUp(std::uint32_t bytes, std::uint32_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// How many blocks are held at most at once with a size in an interval, for every interval of sizes: all of
/// them from one pass over the events. Looked at only at local tops, where a block is given back after one
/// was taken.
class IntervalPeaks {
 public:
  /// `sizes`: the distinct sizes, ascending. Memory: 4 bytes for each pair of sizes.
  explicit IntervalPeaks(std::vector<std::uint32_t> sizes);

  const std::vector<std::uint32_t>& sizes() const { return sizes_; }
  /// The index of the least size of at least `bytes`. Requires: there is one.
  std::size_t indexOf(std::uint32_t bytes) const;

  /// Effect: a block of the size at `index` is taken, or given back.
  void take(std::size_t index);
  void give(std::size_t index);
  /// Effect: ends the events of a device; those of the next start with nothing held.
  void endDevice();

  /// The most blocks held at once by one device with sizes from `low` to `high`, both included.
  std::uint32_t peak(std::size_t low, std::size_t high) const { return peaks_[low * sizes_.size() + high]; }

 private:
  void look();

  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint32_t> held_;
  std::vector<std::uint32_t> below_;  // held with a smaller index, for each index and one more
  std::vector<std::uint32_t> peaks_;
  bool rising_ = false;
  // The sizes taken since the last look: only intervals with one of them can have a new peak.
  std::size_t lowest_;
  std::size_t highest_ = 0;
};

/// Blocks of one size.
struct BlockCount {
  std::uint32_t size = 0;
  std::uint32_t blocks = 0;
};

/// Returns: the pools of up to `most` sizes that serve every request at the least bytes. Entry k - 1 has k
/// pools, in ascending order of size. Exact for pools that do not spill into one another. Cost: most x m^2
/// for m sizes.
std::vector<std::vector<BlockCount>> bestBlockSizes(const IntervalPeaks& peaks, std::size_t most);

/// Returns: the bytes of all blocks.
std::uint64_t bytesOf(const std::vector<BlockCount>& pools);

}  // namespace millpond::sizing
