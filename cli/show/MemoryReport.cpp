// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/MemoryReport.h"

#include <map>
#include <nlohmann/json.hpp>

namespace millpond::cli {

nlohmann::json poolsJson(const MemoryStats& stats) {
  nlohmann::json pools = nlohmann::json::array();
  for (const PoolStats* pool : {&stats.audio, &stats.network, &stats.general, &stats.heap}) {
    pools.push_back({
        {"name", pool->name},
        {"block_size", pool->block_size},
        {"capacity", pool->capacity},
        {"in_use", pool->in_use},
        {"peak", pool->peak},
        {"allocations", pool->allocations},
        {"frees", pool->frees},
        {"exhausted", pool->exhausted},
        {"oversize", pool->oversize},
        {"fallbacks", pool->fallbacks},
        {"rejected", pool->rejected},
    });
  }
  return pools;
}

std::vector<Progress::Holder> generalHolders(const MemoryManager& memory) {
  const std::size_t granule = memory.stats().general.block_size;
  std::map<std::string, std::size_t> granules;
  for (const LiveBlock& block : memory.leaks()) {
    if (block.pool == PoolId::general) granules[block.source] += (block.size + granule - 1) / granule;
  }
  std::vector<Progress::Holder> holders;
  holders.reserve(granules.size());
  for (const auto& [source, count] : granules) holders.push_back({source, count});
  return holders;
}

nlohmann::json leaksJson(const MemoryManager& memory) {
  nlohmann::json leaks = nlohmann::json::array();
  for (const LiveBlock& block : memory.leaks()) {
    leaks.push_back({
        {"pool", memory.nameOf(block.pool)},
        {"source", block.source},
        {"size", block.size},
        {"age_ms", block.age_ms},
    });
  }
  return leaks;
}

}  // namespace millpond::cli
