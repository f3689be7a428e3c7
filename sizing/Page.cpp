// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Page.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "lab/report/ReportParts.h"
#include "page/PageTemplate.h"
#include "page/SharedParts.h"
#include "sizing/TuningJson.h"
#include "sizing/TuningParts.h"

namespace millpond::sizing {

namespace {

constexpr std::size_t slices = 600;

// The most blocks that each source of a pool held in each slice of a device's time.
class Timeline {
 public:
  Timeline(const Workload& workload, const TunedPool& tuned) : workload_(workload), tuned_(tuned) {
    const auto found = std::ranges::find(workload.pools, tuned.present.name, &PoolSize::name);
    pool_ = static_cast<NameIndex>(found - workload.pools.begin());
    const DemandLog& log = workload.devices[tuned.peak_device].log;
    std::set<NameIndex> sources;
    for (const Request& request : log.requests()) {
      if (request.pool == pool_) sources.insert(request.source);
    }
    sources_.assign(sources.begin(), sources.end());
    column_.resize(workload.sources.size());
    for (std::size_t at = 0; at < sources_.size(); ++at) column_[sources_[at]] = at + 1;
    now_.resize(sources_.size() + 1);
    most_.resize(now_.size());
    read(log);
  }

  nlohmann::json json() const {
    nlohmann::json names = nlohmann::json::array();
    for (const NameIndex source : sources_) names.push_back(workload_.sources[source]);
    nlohmann::json holders = nlohmann::json::array();
    for (const auto& [source, blocks] : tuned_.holders_at_peak) holders.push_back({source, blocks});
    return {{"pool", tuned_.present.name},
            {"device", workload_.devices[tuned_.peak_device].name},
            {"sources", names},
            {"rows", rows_},
            {"holders_at_peak", holders},
            {"peak_s", tuned_.peak_s}};
  }

 private:
  void read(const DemandLog& log) {
    const std::uint64_t length = log.endMicros() - log.startMicros() + 1;
    std::size_t slice = 0;
    const auto closeUntil = [&](std::size_t next) {
      for (; slice < next; ++slice) {
        nlohmann::json row{static_cast<double>(length) * static_cast<double>(slice) / slices / 1e6};
        for (const std::uint32_t blocks : most_) row.push_back(blocks);
        rows_.push_back(row);
        most_ = now_;
      }
    };
    log.forEach([&](const DemandLog::Event& event) {
      if (event.request.pool != pool_) return;
      closeUntil(static_cast<std::size_t>((event.time_us - log.startMicros()) * slices / length));
      const std::size_t columns[] = {0, column_[event.request.source]};
      for (const std::size_t column : columns) {
        event.takes ? ++now_[column] : --now_[column];
        most_[column] = std::max(most_[column], now_[column]);
      }
    });
    closeUntil(slices);
  }

  const Workload& workload_;
  const TunedPool& tuned_;
  NameIndex pool_ = 0;
  std::vector<NameIndex> sources_;
  std::vector<std::size_t> column_;  // by source; column 0 is the sum
  std::vector<std::uint32_t> now_;
  std::vector<std::uint32_t> most_;
  nlohmann::json rows_ = nlohmann::json::array();
};

nlohmann::json crossingsJson(const TunedPool& pool, double allowed) {
  nlohmann::json json{{"pool", pool.present.name}, {"crossings", pool.crossings}, {"line", nullptr}};
  if (!pool.guess || !pool.guess->chord) return json;
  json["line"] = {{"low", {pool.guess->low_level, pool.guess->low_crossings}},
                  {"high", {pool.guess->high_level, pool.guess->high_crossings}},
                  {"blocks", *pool.guess->chord},
                  {"allowed", allowed}};
  return json;
}

nlohmann::json dataOf(const Workload& workload, const Tuning& tuning) {
  nlohmann::json data{{"answer", toJson(tuning)}};
  for (const char* list : {"devices", "present", "timelines", "crossings"})
    data[list] = nlohmann::json::array();
  for (const RecordedDevice& device : workload.devices) data["devices"].push_back(device.name);
  const double allowed = tuning.risk / static_cast<double>(std::max<std::size_t>(tuning.pools.size(), 1)) *
                         tuning.seconds / std::max(tuning.horizon_s, 1.0);
  for (const TunedPool& pool : tuning.pools) {
    data["present"].push_back({{"blocks", pool.present.blocks}, {"block_size", pool.present.block_size}});
    data["crossings"].push_back(crossingsJson(pool, allowed));
    if (!pool.holders_at_peak.empty()) data["timelines"].push_back(Timeline(workload, pool).json());
  }
  return data;
}

}  // namespace

std::string tuningPage(const Workload& workload, const Tuning& tuning) {
  const std::string data = page::embeddable(dataOf(workload, tuning));
  return page::filledPage(tuning_parts.html, {{"style", lab::report_parts.style},
                                              {"dygraph_style", page::shared_parts.dygraph_style},
                                              {"dygraph", page::shared_parts.dygraph},
                                              {"script", tuning_parts.script},
                                              {"data", data}});
}

}  // namespace millpond::sizing
