// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "sizing/Survey.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// The most blocks that sources can ever hold at once, as their firmware guarantees.
class Bounds {
 public:
  /// `at_most` is by the name of the source. Throws: `SizingError` for a source that `workload` does not
  /// have.
  Bounds(const Workload& workload, const std::map<std::string, std::uint32_t>& at_most);

  /// Throws: `SizingError` for a bound that the traces exceed.
  void check(const Workload& workload, const Survey& survey) const;

  bool contains(NameIndex source) const { return bounds_.contains(source); }
  std::set<NameIndex> sources() const;
  /// Returns: the blocks of all bounded sources of a pool.
  std::uint32_t blocksOf(const PoolDemand& pool) const;

 private:
  std::map<NameIndex, std::uint32_t> bounds_;
};

}  // namespace millpond::sizing
