// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace millpond::lab {

/// The next time of each of up to `places` events, in a tree whose root is the earliest. Setting, moving or
/// cancelling an event takes one step per level of the tree and no memory. Of two events at the same time the
/// lower place comes first.
class Agenda {
 public:
  static constexpr std::uint32_t places = 64;

  Agenda() { tree_.fill(never); }

  /// Effect: schedules `place` at `time_us`, replacing its former time. Requires: time_us < 2^57.
  void set(std::uint32_t place, std::uint64_t time_us) { put(place, time_us << place_bits | place); }
  void cancel(std::uint32_t place) { put(place, never); }

  /// The earliest event, which stays scheduled. Requires for `place`: something is scheduled.
  std::uint64_t time() const { return tree_[1] >> place_bits; }
  std::uint32_t place() const { return static_cast<std::uint32_t>(tree_[1] % places); }

 private:
  static constexpr unsigned place_bits = 6;
  static constexpr std::uint64_t never = UINT64_MAX;
  static_assert(places == 1U << place_bits);

  void put(std::uint32_t place, std::uint64_t key) {
    std::size_t node = places + place;
    tree_[node] = key;
    for (node /= 2; node >= 1; node /= 2) tree_[node] = std::min(tree_[2 * node], tree_[2 * node + 1]);
  }

  std::array<std::uint64_t, std::size_t{2} * places> tree_;
};

}  // namespace millpond::lab
