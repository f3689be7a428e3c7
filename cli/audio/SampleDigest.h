// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace millpond::cli {

/// A fixed-size digest of a stream of samples of any length: 64 bits for each of its stretches, at most 1024
/// of them. A stretch has 64 samples at first and gets longer as the stream does.
class SampleDigest {
 public:
  void add(std::int16_t sample);

  std::uint64_t count() const { return count_; }

  /// Returns: the first sample of the first stretch that differs; empty if there is no difference.
  std::optional<std::uint64_t> firstDifference(SampleDigest other) const;

 private:
  static constexpr std::size_t most_stretches = 1024;
  static constexpr std::uint64_t shortest = 64;
  static constexpr std::size_t most_levels = 58;  // of pairs above the shortest: more than 2^64 samples

  void carry(std::uint64_t digest);
  void lengthen();
  std::uint64_t length() const { return shortest << level_; }

  std::uint64_t count_ = 0;
  std::uint64_t open_ = 0;                          // digest of the shortest stretch, while not full
  std::array<std::uint64_t, most_levels> parts_{};  // of the stretch that is not full, by level; 0: none
  std::array<std::uint64_t, most_stretches> stretches_{};
  std::size_t used_ = 0;
  std::size_t level_ = 0;
};

}  // namespace millpond::cli
