// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace millpond::order {

/// Logical threads of a run: 0 sets the run up and looks at what came of it.
inline constexpr std::size_t max_threads = 6;

/// What happened before a point of a run: how far each thread had come, and for each word the oldest store
/// of its history that may still be read.
class View {
 public:
  std::uint32_t clockOf(std::size_t thread) const { return clocks_[thread]; }
  void tick(std::size_t thread) { ++clocks_[thread]; }

  std::uint32_t oldestOf(std::size_t word) const { return word < oldest_.size() ? oldest_[word] : 0; }
  void raise(std::size_t word, std::uint32_t store) {
    if (word >= oldest_.size()) oldest_.resize(word + 1);
    oldest_[word] = std::max(oldest_[word], store);
  }

  void join(const View& other) {
    for (std::size_t at = 0; at < max_threads; ++at) clocks_[at] = std::max(clocks_[at], other.clocks_[at]);
    for (std::size_t word = 0; word < other.oldest_.size(); ++word) raise(word, other.oldest_[word]);
  }

 private:
  std::array<std::uint32_t, max_threads> clocks_{};
  std::vector<std::uint32_t> oldest_;
};

}  // namespace millpond::order
