// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Bounds.h"

#include <fmt/format.h>

#include <algorithm>

namespace millpond::sizing {

Bounds::Bounds(const Workload& workload, const std::map<std::string, std::uint32_t>& at_most) {
  std::string known;
  for (NameIndex source = 0; source < workload.sources.size(); ++source) {
    const std::string& name = workload.sources[source];
    known += (known.empty() ? "" : ", ") + name;
    if (const auto bound = at_most.find(name); bound != at_most.end()) bounds_[source] = bound->second;
  }
  for (const auto& [name, bound] : at_most) {
    const bool is_known =  // clang 14 captures no structured binding
        std::ranges::any_of(
            bounds_, [&, &name = name](const auto& one) { return workload.sources[one.first] == name; });
    if (!is_known) {
      throw SizingError(
          fmt::format("--at-most {}={}: no trace has that source; there are {}", name, bound, known));
    }
  }
}

void Bounds::check(const Workload& workload, const Survey& survey) const {
  for (NameIndex pool = 0; pool < workload.pools.size(); ++pool) {
    for (const SourceDemand& source : survey.pools[pool].sources) {
      const auto bound = bounds_.find(source.source);
      if (bound == bounds_.end() || source.peak <= bound->second) continue;
      throw SizingError(fmt::format("--at-most {}={}: a trace shows {} blocks of {} held at once",
                                    workload.sources[source.source], bound->second, source.peak,
                                    workload.pools[pool].name));
    }
  }
}

std::set<NameIndex> Bounds::sources() const {
  std::set<NameIndex> sources;
  for (const auto& [source, bound] : bounds_) sources.insert(source);
  return sources;
}

std::uint32_t Bounds::blocksOf(const PoolDemand& pool) const {
  std::uint32_t blocks = 0;
  for (const SourceDemand& source : pool.sources) {
    if (const auto bound = bounds_.find(source.source); bound != bounds_.end()) blocks += bound->second;
  }
  return blocks;
}

}  // namespace millpond::sizing
