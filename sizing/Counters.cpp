// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "millpond/MemoryJson.h"

namespace millpond::sizing {

namespace {

constexpr int counters_format = MemoryJson::what_if_format;
constexpr double day_s = 86400;

struct CounterFile {
  std::string path;
  std::string device;
  std::string boot;
  Counters counters;
};

[[noreturn]] void damaged(const std::string& path, const std::string& what) {
  throw SizingError(path + ": \"what_if\" is damaged: " + what);
}

// A counter above this is none: a million a second for thirty years.
constexpr std::uint64_t most_counted = 1'000'000'000'000'000;
constexpr double longest_s = 100 * 365.25 * day_s;

std::uint64_t wholeIn(const std::string& path, const std::string& what, const nlohmann::json& number,
                      std::uint64_t least, std::uint64_t most) {
  if (number.is_number_unsigned()) {
    const auto value = number.get<std::uint64_t>();
    if (value >= least && value <= most) return value;
  }
  damaged(path, fmt::format("{} is {}, not a whole number from {} to {}", what, number.dump(), least, most));
}

PoolSize sizeIn(const std::string& path, const nlohmann::json& json) {
  constexpr std::uint64_t largest_block = (1U << 24U) - 1;
  const auto name = json.at("name").get<std::string>();
  const auto kind = json.at("kind").get<std::string>();
  const bool printable = std::ranges::none_of(name, [](char letter) { return letter >= 0 && letter < ' '; });
  if (name.empty() || name.size() >= PoolName::capacity || !printable)
    damaged(path, "the name of a pool has 1 to 15 printable characters");
  if (kind != "blocks" && kind != "runs")
    damaged(path, fmt::format("the kind of {} is blocks or runs, not another", name));
  const std::uint64_t blocks =
      wholeIn(path, "the blocks of " + name, json.at("blocks"), 1, MemoryConfig::max_blocks);
  const std::uint64_t bytes =
      wholeIn(path, "the block_size of " + name, json.at("block_size"), 1, largest_block);
  return {name, kind == "runs", static_cast<std::uint32_t>(blocks), static_cast<std::uint32_t>(bytes)};
}

PoolCounters poolIn(const std::string& path, const nlohmann::json& json) {
  PoolCounters pool{.size = sizeIn(path, json), .refused = {}, .why_not_exact = {}};
  const std::string& name = pool.size.name;
  for (const nlohmann::json& count : json.at("refused_with"))
    pool.refused.push_back(wholeIn(path, "a count of " + name, count, 0, most_counted));
  if (!json.at("exact").get<bool>()) pool.why_not_exact = json.at("why").get<std::string>();
  if (!json.at("exact").get<bool>() && pool.why_not_exact.empty())
    damaged(path, "it does not say why the counters of " + name + " are not exact");
  if (pool.refused.size() != std::size_t{pool.size.blocks} + 1) {
    damaged(path, fmt::format("{} has {} blocks, and {} counts instead of one more", name, pool.size.blocks,
                              pool.refused.size()));
  }
  if (!std::ranges::is_sorted(pool.refused, std::greater<>()))
    damaged(path, "the counters of " + name + " contradict each other: more blocks refuse more requests");
  return pool;
}

nlohmann::json jsonIn(const std::string& path) {
  const std::string allowed = "give what `millpond run --json` or `stream --json` printed";
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) throw SizingError(path + ": cannot be read: " + allowed);
  nlohmann::json json = nlohmann::json::parse(file, nullptr, false);
  if (json.is_discarded()) throw SizingError(path + ": is not JSON, or cut: " + allowed);
  if (!json.is_object() || !json.contains("what_if"))
    throw SizingError(path + ": has no \"what_if\": " + allowed);
  return json;
}

Counters countersIn(const std::string& path, const nlohmann::json& what_if) {
  const nlohmann::json format =
      what_if.is_object() ? what_if.value("format", nlohmann::json()) : nlohmann::json();
  if (format != counters_format) {
    throw SizingError(fmt::format("{}: its counters are of format {}, and this version reads format {}", path,
                                  format.dump(), counters_format));
  }
  Counters counters;
  if (!what_if.at("seconds").is_number()) damaged(path, "its seconds are no number");
  counters.seconds = what_if.at("seconds").get<double>();
  if (!(counters.seconds > 0)) throw SizingError(path + ": the device has not run for any time");
  if (counters.seconds > longest_s) damaged(path, "its seconds are more than a hundred years");
  if (!what_if.at("pools").is_array() || what_if.at("pools").empty())
    damaged(path, "it has no list of pools");
  for (const nlohmann::json& json : what_if.at("pools")) {
    PoolCounters pool = poolIn(path, json);
    if (std::ranges::count(counters.pools, pool.size.name,
                           [](const auto& other) { return other.size.name; }) != 0)
      damaged(path, "two pools are called " + pool.size.name);
    counters.pools.push_back(std::move(pool));
  }
  return counters;
}

CounterFile readFile(const std::string& path) {
  const nlohmann::json json = jsonIn(path);
  CounterFile result{.path = path, .device = {}, .boot = {}, .counters = {}};
  try {
    result.counters = countersIn(path, json["what_if"]);
  } catch (const nlohmann::json::exception&) {
    damaged(path,
            "it needs seconds and a list of pools, each with name, kind, blocks, block_size, refused_with, "
            "exact and why");
  }
  if (json.contains("device") && !json["device"].is_null()) result.device = json["device"].dump();
  if (json.contains("boot") && !json["boot"].is_null()) result.boot = json["boot"].dump();
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
    counted.why_not_exact = MemoryJson::whyNotExact(basis);
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
