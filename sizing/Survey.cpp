// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Survey.h"

#include <algorithm>
#include <array>

namespace millpond::sizing {

namespace {

constexpr std::size_t parts = 12;

// What a source of a pool does on one device.
struct SourceRow {
  std::uint64_t requests = 0;
  std::uint64_t given_back = 0;
  std::uint32_t held = 0;
  std::uint32_t peak = 0;
  std::uint64_t longest_life_us = 0;
  std::uint64_t episodes = 0;
  std::uint64_t last_us = 0;
  std::uint64_t active_us = 0;
  // Of what is held at the end: taken early and kept, and lost.
  std::uint32_t permanent = 0;
  std::uint32_t lost = 0;
  // The fewest blocks held in each part of the trace.
  std::array<std::uint32_t, parts> floors{};
  std::size_t part = 0;
};

struct HeldBlock {
  bool live = false;
  std::uint64_t since_us = 0;
  std::uint64_t number = 0;
  Request request;
};

// Whether the fewest blocks held rise through the whole trace. A cache that fills and a session that comes
// and goes do not.
bool grows(const std::array<std::uint32_t, parts>& floors) {
  constexpr std::uint32_t least_growth = 6;
  std::size_t rises = 0;
  for (std::size_t part = 2; part < parts; ++part) {
    if (floors[part] < floors[part - 1]) return false;
    if (floors[part] > floors[part - 1]) ++rises;
  }
  return floors[parts - 1] >= floors[1] + least_growth && rises >= (parts - 2) / 2 &&
         floors[parts - 1] > floors[parts - 4];
}

// The survey of one device, added to that of all.
class DeviceSurvey {
 public:
  DeviceSurvey(const Workload& workload, std::size_t device, Survey& survey)
      : workload_(workload), device_(device), log_(workload.devices[device].log), survey_(survey) {}

  void run() {
    log_.forEach([this](const DemandLog::Event& event) { event.takes ? take(event) : give(event); });
    end();
  }

 private:
  struct PoolNow {
    std::uint32_t held = 0;
    std::uint64_t bytes = 0;
  };

  std::size_t rowIndex(const Request& request) const {
    return request.pool * workload_.sources.size() + request.source;
  }
  SourceRow& rowOf(const Request& request) { return rows_[rowIndex(request)]; }

  std::size_t partAt(std::uint64_t time_us) const {
    const std::uint64_t length = log_.endMicros() - log_.startMicros() + 1;
    return static_cast<std::size_t>((time_us - log_.startMicros()) * parts / length);
  }

  // The floors of the parts that have gone by.
  void advance(SourceRow& row, std::uint64_t time_us) const {
    const std::size_t part = partAt(time_us);
    while (row.part < part) row.floors[++row.part] = row.held;
  }

  void take(const DemandLog::Event& event) {
    const Request& request = event.request;
    if (event.slot >= held_.size()) held_.resize(event.slot + 1);
    held_[event.slot] = {true, event.time_us, numbers_++, request};
    SourceRow& row = rowOf(request);
    advance(row, event.time_us);
    noteEpisode(row, event.time_us);
    ++row.requests;
    row.peak = std::max(row.peak, ++row.held);
    PoolNow& now = now_[request.pool];
    ++now.held;
    now.bytes += request.bytes;
    bytes_ += request.bytes;
    if (workload_.pools[request.pool].blocks != 0) pooled_bytes_ += request.bytes;
    notePeaks(event, now);
  }

  static void noteEpisode(SourceRow& row, std::uint64_t time_us) {
    constexpr std::uint64_t pause_us = 1'000'000;
    if (row.episodes == 0 || time_us - row.last_us > pause_us) {
      ++row.episodes;
    } else {
      row.active_us += time_us - row.last_us;
    }
    row.last_us = time_us;
  }

  void notePeaks(const DemandLog::Event& event, const PoolNow& now) {
    PoolDemand& pool = survey_.pools[event.request.pool];
    ++pool.requests;
    pool.largest = std::max(pool.largest, event.request.bytes);
    pool.peak_bytes = std::max(pool.peak_bytes, now.bytes);
    survey_.peak_bytes = std::max(survey_.peak_bytes, bytes_);
    survey_.pooled_peak_bytes = std::max(survey_.pooled_peak_bytes, pooled_bytes_);
    if (now.held <= pool.peak) return;
    pool.peak = now.held;
    pool.peak_device = device_;
    pool.peak_us = event.time_us - log_.startMicros();
    pool.holders_at_peak.clear();
    for (NameIndex source = 0; source < workload_.sources.size(); ++source) {
      const SourceRow& row = rowOf({event.request.pool, source, 0});
      if (row.held != 0) pool.holders_at_peak[source] = row.held;
    }
  }

  void give(const DemandLog::Event& event) {
    HeldBlock& held = held_[event.slot];
    held.live = false;
    SourceRow& row = rowOf(event.request);
    advance(row, event.time_us);
    --row.held;
    row.floors[row.part] = std::min(row.floors[row.part], row.held);
    ++row.given_back;
    row.longest_life_us = std::max(row.longest_life_us, event.time_us - held.since_us);
    PoolNow& now = now_[event.request.pool];
    --now.held;
    now.bytes -= event.request.bytes;
    bytes_ -= event.request.bytes;
    if (workload_.pools[event.request.pool].blocks != 0) pooled_bytes_ -= event.request.bytes;
  }

  // Blocks still held: lost, if they are far older than any that came back; else for ever, if taken early.
  void end() {
    const std::uint64_t length = log_.endMicros() - log_.startMicros();
    for (const HeldBlock& held : held_) {
      if (!held.live) continue;
      SourceRow& row = rowOf(held.request);
      const std::uint64_t age = log_.endMicros() - held.since_us;
      const bool after_boot = held.since_us - log_.startMicros() > length / 20;
      if (after_boot && row.given_back >= 100 && age / 10 > row.longest_life_us) {
        ++row.lost;
      } else if (age > length / 2) {
        ++row.permanent;
        survey_.permanent[device_].insert(held.number);
      }
    }
    for (NameIndex pool = 0; pool < workload_.pools.size(); ++pool) {
      for (NameIndex source = 0; source < workload_.sources.size(); ++source) {
        SourceRow& row = rowOf({pool, source, 0});
        if (row.requests != 0) add(row, sourceOf(pool, source));
      }
    }
  }

  void add(SourceRow& row, SourceDemand& source) const {
    advance(row, log_.endMicros());
    source.requests += row.requests;
    source.given_back += row.given_back;
    source.peak = std::max(source.peak, row.peak);
    source.longest_life_us = std::max(source.longest_life_us, row.longest_life_us);
    source.permanent = std::max(source.permanent, row.permanent);
    source.episodes += row.episodes;
    source.active_s += static_cast<double>(row.active_us) / 1e6;
    const bool growing = grows(row.floors);
    if (!growing && row.lost < 2) return;
    source.leaks = true;
    const std::uint32_t growth = growing ? row.floors.back() - row.floors[1] : 0;
    source.lost_blocks = std::max({source.lost_blocks, row.lost, growth});
  }

  SourceDemand& sourceOf(NameIndex pool, NameIndex source) {
    std::vector<SourceDemand>& sources = survey_.pools[pool].sources;
    const auto found = std::ranges::find(sources, source, &SourceDemand::source);
    if (found != sources.end()) return *found;
    sources.push_back({.source = source});
    return sources.back();
  }

  const Workload& workload_;
  std::size_t device_;
  const DemandLog& log_;
  Survey& survey_;
  std::vector<SourceRow> rows_ = std::vector<SourceRow>(workload_.pools.size() * workload_.sources.size());
  std::vector<HeldBlock> held_;
  std::vector<PoolNow> now_ = std::vector<PoolNow>(workload_.pools.size());
  std::uint64_t numbers_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t pooled_bytes_ = 0;
};

}  // namespace

const SourceDemand* PoolDemand::leak() const {
  const auto found = std::ranges::find_if(sources, &SourceDemand::leaks);
  return found == sources.end() ? nullptr : &*found;
}

Survey::Survey(const Workload& workload) : pools(workload.pools.size()), permanent(workload.devices.size()) {
  for (std::size_t device = 0; device < workload.devices.size(); ++device) {
    DeviceSurvey(workload, device, *this).run();
  }
  constexpr std::uint64_t enough_episodes = 20;
  for (PoolDemand& pool : pools) {
    for (SourceDemand& source : pool.sources) {
      source.rare = source.episodes < enough_episodes && source.active_s < workload.seconds() / 10;
    }
  }
}

}  // namespace millpond::sizing
