// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/FleetTuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/http/HttpServer.h"
#include "cli/http/Prometheus.h"
#include "cli/show/Line.h"
#include "cli/show/Print.h"
#include "cli/show/ShareBar.h"
#include "sizing/FleetSizes.h"

namespace millpond::cli {

namespace {

constexpr double share = 0.999;
constexpr double day_s = 86400;

nlohmann::json toJson(const sizing::FleetSizes& sizes, double range_s) {
  nlohmann::json pools = nlohmann::json::array();
  for (const auto& pool : sizes.pools) {
    pools.push_back({{"name", pool.name},
                     {"blocks", pool.blocks},
                     {"block_size", pool.block_size},
                     {"now", pool.now},
                     {"judged", pool.judged},
                     {"at_least", pool.at_least}});
  }
  nlohmann::json unserved = nlohmann::json::array();
  for (const auto& one : sizes.unserved) {
    unserved.push_back({{"device", one.device},
                        {"pool", one.pool},
                        {"needs", one.need.blocks},
                        {"at_least", one.need.blocks > one.need.has}});
  }
  return {{"range_s", range_s}, {"share", share},       {"devices", sizes.devices},
          {"pools", pools},     {"unserved", unserved}, {"unserved_devices", sizes.unserved_devices}};
}

std::uint32_t atShare(const std::vector<std::uint32_t>& needed, double part) {
  return needed[static_cast<std::size_t>(part * static_cast<double>(needed.size() - 1))];
}

std::string rowText(const sizing::FleetSizes::Pool& pool) {
  const std::string name = printable(pool.name);
  if (!pool.judged) {
    return fmt::format("  {:<15}{:>8}  kept: its counters are not exact, or not on every device\n", name,
                       pool.now);
  }
  return fmt::format("  {:<15}{:>8}{:>8}{:>8}{:>8}{:>12}{:>12}\n", name, pool.now, atShare(pool.needed, 0.5),
                     atShare(pool.needed, 0.99), pool.needed.back(),
                     fmt::format("{}{}", pool.blocks, pool.at_least ? "+" : ""),
                     std::uint64_t{pool.blocks} * pool.block_size);
}

std::string text(const sizing::FleetSizes& sizes, double range_s) {
  constexpr std::size_t most_named = 50;
  const double days = range_s / day_s;
  std::string all = fmt::format("{} devices over {:.4g} day{}: the pools that serve {:g} % of them\n\n",
                                sizes.devices, days, days == 1 ? "" : "s", share * 100);
  all += fmt::format("  {:<15}{:>8}{:>8}{:>8}{:>8}{:>12}{:>12}\n", "pool", "now", "half", "99 %", "all",
                     "blocks", "bytes");
  bool at_least = false;
  for (const auto& pool : sizes.pools) {
    all += rowText(pool);
    at_least |= pool.at_least;
  }
  if (at_least) all += "\n  + a device found no free block, so it may need still more\n";
  all += sizes.unserved.empty()
             ? "\nEvery device is served.\n"
             : fmt::format("\n{} of {} devices are not served:\n", sizes.unserved_devices, sizes.devices);
  for (std::size_t at = 0; at < std::min(most_named, sizes.unserved.size()); ++at) {
    const auto& [device, pool, need] = sizes.unserved[at];
    all += fmt::format(
        "  {}: {} needs {}\n", printable(device), printable(pool),
        need.blocks > need.has ? fmt::format("more than {}", need.has) : fmt::to_string(need.blocks));
  }
  if (sizes.unserved.size() > most_named) {
    all += fmt::format("  and {} more: --json has all\n", sizes.unserved.size() - most_named);
  }
  return all;
}

}  // namespace

void tuneFleet(const FleetTuning& options) {
  const std::string token = options.token_file.empty() ? "" : HttpOptions::tokenIn(options.token_file);
  Prometheus prometheus(options.url, token);
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  const auto pools = [&] {
    ShareBar bar(stderr, "days", options.range_s / day_s);
    return fleetPools(prometheus, now.count(), options.range_s, [&](double done) { bar.show(done); });
  }();
  const sizing::FleetSizes sizes = sizing::fleetSizes(pools, share);
  writeText(stdout, options.json ? jsonText(toJson(sizes, options.range_s)) : text(sizes, options.range_s));
}

}  // namespace millpond::cli
