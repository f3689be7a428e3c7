// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "order/View.h"

namespace millpond::order {

/// The order of all sequentially consistent accesses: as much of it as is certain.
///
/// Of two such accesses the first is before the other where it happens before it, or where it comes before it
/// in the history of a word: it reads or makes a store that the other one reads or makes a later one of. Any
/// total order that has this is allowed, so a load may return what makes no circle.
class SingleOrder {
 public:
  void clear();

  /// Whether a load by `thread` in the middle of `view` may read store `store` of `word`.
  bool allows(std::size_t thread, const View& view, std::size_t word, std::uint32_t store);

  /// Effect: `thread` read that store, or made it.
  void add(std::size_t thread, const View& view, std::size_t word, std::uint32_t store);

 private:
  using Index = std::uint32_t;
  struct Access {
    std::uint32_t clock;
    std::uint32_t store;
    std::vector<Index> before;
  };

  std::vector<Index> before(std::size_t thread, const View& view, std::size_t word, std::uint32_t store);
  std::vector<Index>& of(std::size_t word);

  std::vector<Access> accesses_;
  std::array<std::vector<Index>, max_threads> by_thread_;
  std::vector<std::vector<Index>> by_word_;
};

}  // namespace millpond::order
