// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/MemoryReport.h"

#include <map>
#include <nlohmann/json.hpp>

namespace millpond::cli {

namespace {

nlohmann::json poolJson(const PoolStats& pool) {
  return {
      {"name", pool.name},         {"block_size", pool.block_size},
      {"capacity", pool.capacity}, {"in_use", pool.in_use},
      {"peak", pool.peak},         {"allocations", pool.allocations},
      {"frees", pool.frees},       {"exhausted", pool.exhausted},
      {"oversize", pool.oversize}, {"fallbacks", pool.fallbacks},
      {"rejected", pool.rejected},
  };
}

}  // namespace

std::vector<PoolStats> poolsOf(const MemoryStats& stats) {
  std::vector<PoolStats> pools;
  for (std::size_t row = 0; row < stats.pools; ++row) {
    const PoolStats& pool = stats.pool(poolIdOf(row));
    if (pool.capacity != 0) pools.push_back(pool);
  }
  return pools;
}

nlohmann::json poolsJson(const MemoryStats& stats) {
  nlohmann::json pools = nlohmann::json::array();
  for (std::size_t row = 0; row < stats.pools; ++row) pools.push_back(poolJson(stats.pool(poolIdOf(row))));
  pools.push_back(poolJson(stats.heap));
  return pools;
}

std::vector<Progress::Holder> generalHolders(const MemoryManager& memory) {
  const std::size_t granule = memory.stats().general.block_size;
  std::map<std::string, std::size_t> granules;
  for (const LiveBlock& block : memory.leaks()) {
    if (block.pool == PoolId::general) granules[block.source] += (block.granted + granule - 1) / granule;
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
