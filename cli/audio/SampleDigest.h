// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace millpond::cli {

/// What identifies a stream of samples however long it is: 64 bits for each of its stretches, of which there
/// are at most 1024. They are of 64 samples at first and become longer as the stream does.
class SampleDigest {
 public:
  void add(std::int16_t sample);

  std::uint64_t count() const { return count_; }

  /// Returns: the first sample of the first stretch in which the two differ; empty where they are the same.
  std::optional<std::uint64_t> firstDifference(SampleDigest other) const;

 private:
  static constexpr std::size_t most_stretches = 1024;
  static constexpr std::uint64_t shortest = 64;
  static constexpr std::size_t most_levels = 58;  // of pairs above the shortest: more than 2^64 samples

  void carry(std::uint64_t digest);
  void lengthen();
  std::uint64_t length() const { return shortest << level_; }

  std::uint64_t count_ = 0;
  std::uint64_t open_ = 0;                          // of the shortest stretch that is not full
  std::array<std::uint64_t, most_levels> parts_{};  // of the stretch that is not full: by level, 0 where none
  std::array<std::uint64_t, most_stretches> stretches_{};
  std::size_t used_ = 0;
  std::size_t level_ = 0;
};

}  // namespace millpond::cli
