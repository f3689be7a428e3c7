// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace millpond::sizing {

namespace {

constexpr int counters_format = 1;
constexpr double day_s = 86400;

struct CounterFile {
  std::string path;
  std::string device;
  std::string boot;
  Counters counters;
};

PoolCounters poolIn(const nlohmann::json& json) {
  PoolCounters pool;
  pool.size = {json.at("name").get<std::string>(), json.at("kind").get<std::string>() == "runs",
               json.at("blocks").get<std::uint32_t>(), json.at("block_size").get<std::uint32_t>()};
  pool.refused = json.at("refused_with").get<std::vector<std::uint64_t>>();
  pool.why_not_exact = json.at("exact").get<bool>() ? "" : json.at("why").get<std::string>();
  return pool;
}

void checkPool(const std::string& path, const PoolCounters& pool) {
  const bool as_many = pool.refused.size() == std::size_t{pool.size.blocks} + 1;
  if (as_many && std::ranges::is_sorted(pool.refused, std::greater<>())) return;
  throw SizingError(
      fmt::format("{}: the counters of {} contradict each other: more blocks refuse more requests", path,
                  pool.size.name));
}

CounterFile readFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw SizingError(path + ": cannot be read");
  const nlohmann::json json = nlohmann::json::parse(file, nullptr, false);
  const std::string allowed = "give what `millpond run --json` or `stream --json` printed";
  if (json.is_discarded()) throw SizingError(path + ": is not JSON, or cut: " + allowed);
  if (!json.is_object() || !json.contains("what_if"))
    throw SizingError(path + ": has no \"what_if\": " + allowed);
  const nlohmann::json& what_if = json["what_if"];
  const int format = what_if.is_object() ? what_if.value("format", 0) : 0;
  if (format != counters_format) {
    throw SizingError(fmt::format("{}: its counters are of format {}, and this version reads format {}", path,
                                  format, counters_format));
  }
  CounterFile result{.path = path, .device = {}, .boot = {}, .counters = {}};
  try {
    result.counters.seconds = what_if.at("seconds").get<double>();
    for (const nlohmann::json& pool : what_if.at("pools")) {
      result.counters.pools.push_back(poolIn(pool));
      checkPool(path, result.counters.pools.back());
    }
    if (json.contains("device")) result.device = json["device"].dump();
    if (json.contains("boot")) result.boot = json["boot"].dump();
  } catch (const nlohmann::json::exception& error) {
    throw SizingError(fmt::format("{}: \"what_if\" is damaged: {}", path, error.what()));
  }
  if (!(result.counters.seconds > 0)) throw SizingError(path + ": the device has not run for any time");
  return result;
}

void checkSamePools(const CounterFile& one, const CounterFile& other) {
  const bool same = std::ranges::equal(one.counters.pools, other.counters.pools,
                                       [](const auto& a, const auto& b) { return a.size == b.size; });
  if (!same) {
    throw SizingError(fmt::format("{} and {} have different pools: tune devices with the same pools together",
                                  one.path, other.path));
  }
}

bool sameDevice(const CounterFile& one, const CounterFile& other) {
  return !one.device.empty() && one.device == other.device;
}

// Counters of one device never fall while it runs.
void checkLater(const CounterFile& earlier, const CounterFile& later) {
  bool falls = later.counters.seconds < earlier.counters.seconds;
  for (std::size_t pool = 0; pool < later.counters.pools.size(); ++pool) {
    const auto& before = earlier.counters.pools[pool].refused;
    const auto& after = later.counters.pools[pool].refused;
    for (std::size_t blocks = 0; blocks < after.size(); ++blocks) falls |= after[blocks] < before[blocks];
  }
  if (falls) {
    throw SizingError(
        later.boot.empty()
            ? fmt::format("{}: the counters are below those in {}: device {} has restarted. Give each of its "
                          "lives another \"boot\", or give this one alone",
                          later.path, earlier.path, later.device)
            : fmt::format(
                  "{}: the counters are below those in {}, of the same boot {} of device {}: give the "
                  "files in the order of time",
                  later.path, earlier.path, later.boot, later.device));
  }
}

void add(Counters& sum, const Counters& device) {
  if (sum.starts == 0) sum.pools = device.pools;
  for (std::size_t pool = 0; sum.starts != 0 && pool < sum.pools.size(); ++pool) {
    PoolCounters& all = sum.pools[pool];
    for (std::size_t blocks = 0; blocks < all.refused.size(); ++blocks) {
      all.refused[blocks] += device.pools[pool].refused[blocks];
    }
    if (all.why_not_exact.empty()) all.why_not_exact = device.pools[pool].why_not_exact;
  }
  sum.seconds += device.seconds;
  ++sum.starts;
}

}  // namespace

std::uint32_t PoolCounters::leastBlocks() const {
  const auto least = std::ranges::find(refused, refused.back());
  return static_cast<std::uint32_t>(least - refused.begin());
}

std::string whyNotExact(WhatIf::Basis basis) {
  switch (basis) {
    case WhatIf::Basis::exact:
      return "";
    case WhatIf::Basis::runs:
      return "its requests take runs of granules";
    case WhatIf::Basis::many_blocks:
      return "it has more than 32 blocks";
    case WhatIf::Basis::reserve:
      return "it has a reserve";
    case WhatIf::Basis::quarantine:
      return "full guards let freed blocks rest";
    case WhatIf::Basis::wrapped:
      return "a block was taken more than 2^32 - 1 times";
    case WhatIf::Basis::no_pool:
      return "there is no such pool";
  }
  return "";
}

Counters countersOf(const MemoryManager& memory, double seconds) {
  Counters counters{.pools = {}, .seconds = seconds, .devices = 1, .starts = 1};
  const MemoryStats stats = memory.stats();
  for (std::size_t row = 0; row < stats.pools; ++row) {
    const PoolId id = poolIdOf(row);
    const PoolStats& pool = stats.pool(id);
    if (pool.capacity == 0) continue;
    const WhatIf::Basis basis = memory.whatIf(id, 0).basis;
    PoolCounters& counted = counters.pools.emplace_back();
    counted.size = {pool.name, basis == WhatIf::Basis::runs, static_cast<std::uint32_t>(pool.capacity),
                    static_cast<std::uint32_t>(pool.block_size)};
    counted.why_not_exact = whyNotExact(basis);
    for (std::size_t blocks = 0; blocks <= pool.capacity; ++blocks) {
      counted.refused.push_back(memory.whatIf(id, blocks).refused);
    }
  }
  return counters;
}

nlohmann::json toJson(const Counters& counters) {
  nlohmann::json pools = nlohmann::json::array();
  for (const PoolCounters& pool : counters.pools) {
    pools.push_back({{"name", pool.size.name},
                     {"kind", pool.size.runs ? "runs" : "blocks"},
                     {"blocks", pool.size.blocks},
                     {"block_size", pool.size.block_size},
                     {"refused_with", pool.refused},
                     {"exact", pool.why_not_exact.empty()},
                     {"why", pool.why_not_exact}});
  }
  return {{"format", counters_format}, {"seconds", counters.seconds}, {"pools", pools}};
}

std::vector<std::string> whatIfLines(const Counters& counters) {
  std::vector<std::string> lines;
  for (const PoolCounters& pool : counters.pools) {
    const char* unit = pool.size.runs ? "granules" : "blocks";
    if (!pool.why_not_exact.empty()) {
      lines.push_back(fmt::format("{}: {} {}; what fewer would have refused is not known, because {}",
                                  pool.size.name, pool.size.blocks, unit, pool.why_not_exact));
      continue;
    }
    const std::uint32_t least = pool.leastBlocks();
    std::string line = fmt::format("{}: {} {}", pool.size.name, pool.size.blocks, unit);
    if (const std::uint64_t refused = pool.refused.back(); refused != 0) {
      line += fmt::format(", which refused {}", refused);
    } else {
      line += least < pool.size.blocks ? fmt::format(", {} would have done", least) : ", all needed";
    }
    if (least != 0) {
      line += fmt::format("; {} would have refused {:.0f} times a day", least - 1,
                          static_cast<double>(pool.refused[least - 1]) * day_s / counters.seconds);
    }
    lines.push_back(line);
  }
  return lines;
}

Counters readCounters(const std::vector<std::string>& files) {
  std::vector<CounterFile> lives;
  for (const std::string& path : files) {
    CounterFile file = readFile(path);
    if (!lives.empty()) checkSamePools(lives.front(), file);
    const auto same = std::ranges::find_if(
        lives, [&](const CounterFile& life) { return sameDevice(life, file) && life.boot == file.boot; });
    if (same == lives.end()) {
      lives.push_back(std::move(file));
      continue;
    }
    checkLater(*same, file);
    *same = std::move(file);
  }
  Counters sum;
  for (auto life = lives.begin(); life != lives.end(); ++life) {
    const bool known = std::any_of(lives.begin(), life,
                                   [&](const CounterFile& earlier) { return sameDevice(earlier, *life); });
    sum.devices += known ? 0 : 1;
    add(sum, life->counters);
  }
  return sum;
}

}  // namespace millpond::sizing
