// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace millpond::sizing {

/// Returns: the least number of granules at which no order of requests is ever refused: by up to `holders`
/// holders, each with one run of 1 to `longest` granules, first fit. Found by searching every reachable
/// state. Empty if it takes more than 32 granules, or more states than a second of search.
std::optional<std::uint32_t> leastGranules(std::uint32_t holders, std::uint32_t longest);

/// A number of granules, and whether no order of requests can defeat it.
struct GranuleCount {
  std::uint32_t size = 0;
  std::uint32_t count = 0;
  bool searched = false;

  std::uint64_t bytes() const { return std::uint64_t{size} * count; }
};

/// Returns: for `holders` runs of up to `largest` bytes, the least that no order can defeat.
GranuleCount safeGranules(std::uint32_t holders, std::uint32_t largest, std::uint32_t alignment);

/// A pool of runs with as many granules as requests need: the library's first fit, no run across a word of
/// 32. Where a run goes does not depend on the number of granules, so the highest granule ever used is the
/// least number that serves the same requests.
class FirstFit {
 public:
  /// Granules are refused beyond `granules`.
  explicit FirstFit(std::uint32_t granule_bytes, std::uint32_t granules = UINT32_MAX)
      : granule_(granule_bytes), limit_(granules) {}

  static constexpr std::uint32_t none = UINT32_MAX;
  /// Returns: the first granule of the run; `none` if it is refused.
  std::uint32_t take(std::uint32_t bytes);
  /// Effect: gives a run of `bytes` back.
  void give(std::uint32_t start, std::uint32_t bytes);

  /// Granules up to the highest ever used.
  std::uint32_t most() const { return most_; }
  std::uint32_t granuleBytes() const { return granule_; }

 private:
  std::uint32_t lengthOf(std::uint32_t bytes) const { return (bytes + granule_ - 1) / granule_; }

  std::uint32_t granule_;
  std::uint32_t limit_;
  std::uint32_t most_ = 0;
  std::vector<std::uint32_t> free_;
};

}  // namespace millpond::sizing
