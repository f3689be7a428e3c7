// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/Prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/show/Error.h"
#include "cli/show/Line.h"

namespace millpond::cli {

namespace {

constexpr std::chrono::seconds query_time{150};  // its own limit is two minutes
constexpr std::size_t most_bytes = std::size_t{256} * 1024 * 1024;
constexpr double day_s = 86400;
// So that no increase falls between two days. What is counted twice does not raise what is needed.
constexpr double overlap_s = 600;
// More than a device has.
constexpr double most_blocks = 1e6;

using Pools = std::map<std::string, sizing::FleetPool>;

double numberIn(const std::string& text) {
  if (text == "+Inf") return INFINITY;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : NAN;
}

std::string labelOf(const Prometheus::Sample& sample, const std::string& name) {
  const auto found = sample.labels.find(name);
  return found != sample.labels.end() ? found->second : "";
}

// The fewest blocks that would have served every request, from how many each number would have. The increase
// of a counter that counted at all is 1 or more.
sizing::FleetPool::Need needIn(const std::map<double, double>& served) {
  constexpr double none = 0.5;
  sizing::FleetPool::Need need;
  const double all = served.rbegin()->second;
  std::uint32_t blocks = 0;
  bool enough = all < none;
  for (const auto& [le, count] : served) {
    if (std::isinf(le)) break;
    need.has = static_cast<std::uint32_t>(le);
    if (!enough) blocks = need.has;
    enough = enough || all - count < none;
  }
  need.blocks = enough ? blocks : need.has + 1;
  return need;
}

void addNeeds(Pools& pools, const std::vector<Prometheus::Sample>& samples) {
  std::map<std::pair<std::string, std::string>, std::map<double, double>> series;
  for (const Prometheus::Sample& sample : samples) {
    const double le = numberIn(labelOf(sample, "le"));
    const bool usable = le >= 0 && (le <= most_blocks || std::isinf(le)) && std::isfinite(sample.value);
    if (!usable) continue;
    series[{labelOf(sample, "pool"), labelOf(sample, "instance")}][le] = sample.value;
  }
  for (const auto& [where, served] : series) {
    if (served.size() < 2 || !std::isinf(served.rbegin()->first)) continue;
    const sizing::FleetPool::Need found = needIn(served);
    // The latest day comes first: what the pool has is as it was then.
    const auto [had, is_new] = pools[where.first].needs.try_emplace(where.second, found);
    if (!is_new) had->second.blocks = std::max(had->second.blocks, found.blocks);
  }
}

// 0 for NaN too.
std::uint32_t sizeIn(double value) {
  return value >= 0 ? static_cast<std::uint32_t>(std::min(value, 16777215.0)) : 0;
}

void addSizes(Pools& pools, Prometheus& prometheus, const std::string& range, double time) {
  const auto lastOf = [&](const char* which, const char* metric) {
    return prometheus.query(fmt::format("{} by (pool) (last_over_time({}[{}]))", which, metric, range), time);
  };
  for (const Prometheus::Sample& sample : lastOf("max", "millpond_pool_blocks")) {
    std::uint32_t& blocks = pools[labelOf(sample, "pool")].blocks;
    blocks = std::max(blocks, sizeIn(sample.value));
  }
  for (const char* which : {"max", "min"}) {
    for (const Prometheus::Sample& sample : lastOf(which, "millpond_pool_block_size_bytes")) {
      const std::string name = labelOf(sample, "pool");
      const auto pool = pools.find(name);
      if (pool == pools.end()) continue;
      const std::uint32_t bytes = sizeIn(sample.value);
      if (pool->second.block_size != 0 && pool->second.block_size != bytes) {
        throw Error(
            fmt::format("the blocks of pool {} have {} bytes on one device and {} on another: their "
                        "needs cannot be compared",
                        printable(name), bytes, pool->second.block_size));
      }
      pool->second.block_size = bytes;
    }
  }
  const std::string exact = "min by (pool) (min_over_time(millpond_pool_needed_blocks_exact[" + range + "]))";
  for (const Prometheus::Sample& sample : prometheus.query(exact, time)) {
    const auto pool = pools.find(labelOf(sample, "pool"));
    if (pool != pools.end() && sample.value != 1) pool->second.exact = false;
  }
}

}  // namespace

Prometheus::Prometheus(std::string url, const std::string& token)
    : url_(std::move(url)), client_(query_time, most_bytes, token) {
  if (url_.find("://") == std::string::npos) url_.insert(0, "http://");
  while (url_.ends_with('/')) url_.pop_back();
}

std::vector<Prometheus::Sample> Prometheus::query(const std::string& expression, double time) {
  const HttpClient::Answer answer = client_.post(
      url_ + "/api/v1/query", fmt::format("query={}&time={:.3f}", client_.encoded(expression), time));
  const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains("status")) {
    throw Error(
        fmt::format("what answers at {} is no Prometheus: status {}, and not its JSON", url_, answer.status));
  }
  try {
    if (json.at("status") != "success") {
      constexpr std::size_t most_letters = 300;
      const std::string why = json.value("error", "it does not say why");
      throw Error(
          fmt::format("the Prometheus at {} refuses: {}", url_, fitting(printable(why), most_letters)));
    }
    if (json.at("data").at("resultType") != "vector") throw Error(url_ + " answers with no vector");
    std::vector<Sample> samples;
    for (const nlohmann::json& one : json.at("data").at("result")) {
      samples.push_back({one.at("metric").get<std::map<std::string, std::string>>(),
                         numberIn(one.at("value").at(1).get<std::string>())});
    }
    return samples;
  } catch (const nlohmann::json::exception& error) {
    throw Error(fmt::format("the answer of {} is not what a Prometheus sends: {}", url_, error.what()));
  }
}

Pools fleetPools(Prometheus& prometheus, double now, double range_s,
                 const std::function<void(double)>& progress) {
  Pools pools;
  const auto days = static_cast<std::uint32_t>(std::ceil(range_s / day_s));
  for (std::uint32_t day = 0; day < days; ++day) {
    const double done = day * day_s;
    const double left = range_s - done;
    const std::string range = fmt::format("{:.0f}s", left > day_s ? day_s + overlap_s : std::max(1.0, left));
    addNeeds(pools,
             prometheus.query(
                 "sum by (instance, pool, le) (increase(millpond_pool_needed_blocks_bucket[" + range + "]))",
                 now - done));
    addSizes(pools, prometheus, range, now - done);
    progress(std::min(1.0, (done + day_s) / range_s));
  }
  if (std::ranges::all_of(pools, [](const auto& pool) { return pool.second.needs.empty(); })) {
    throw Error(
        "the Prometheus has no millpond_pool_needed_blocks in that range: does it scrape the devices?");
  }
  for (const auto& [name, pool] : pools) {
    if (pool.block_size == 0) {
      throw Error(fmt::format("the Prometheus has no millpond_pool_block_size_bytes of pool {} in that range",
                              printable(name)));
    }
  }
  return pools;
}

}  // namespace millpond::cli
