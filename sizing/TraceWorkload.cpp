// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/TraceWorkload.h"

#include <algorithm>
#include <unordered_map>

#include "trace/TraceReader.h"

namespace millpond::sizing {

namespace {

using trace::TraceEvent;

std::vector<PoolSize> poolsOf(const trace::TraceReader& reader) {
  std::vector<PoolSize> pools;
  for (const trace::TracePool& pool : reader.pools()) {
    pools.push_back({pool.name, pool.runs, pool.blocks, pool.block_size});
  }
  return pools;
}

bool sameClasses(const std::vector<PoolSize>& a, const std::vector<PoolSize>& b) {
  return std::ranges::equal(a, b, [](const PoolSize& one, const PoolSize& other) {
    return one.name == other.name && one.runs == other.runs && (one.blocks == 0) == (other.blocks == 0);
  });
}

std::string namesOf(const std::vector<PoolSize>& pools) {
  std::string names;
  for (const PoolSize& pool : pools) {
    names += (names.empty() ? "" : ", ") + pool.name;
    names += pool.blocks == 0 ? " (none)" : pool.runs ? " (runs)" : "";
  }
  return names;
}

bool sameTrace(const RecordedDevice& a, const RecordedDevice& b) {
  return a.log.events() == b.log.events() && a.log.startMicros() == b.log.startMicros() &&
         a.log.endMicros() == b.log.endMicros() && a.log.requests() == b.log.requests();
}

}  // namespace

void addTrace(Workload& workload, const std::string& folder,
              const std::function<void(std::uint64_t)>& progress) {
  trace::TraceReader reader(folder);
  const std::vector<PoolSize> pools = poolsOf(reader);
  if (workload.devices.empty()) {
    workload.pools = pools;
  } else if (!sameClasses(workload.pools, pools)) {
    throw SizingError(folder + ": its pools are " + namesOf(pools) + ", those of " +
                      workload.devices[0].name + " are " + namesOf(workload.pools) +
                      ": tune devices with the same pools together");
  }
  RecordedDevice device{.name = folder, .log = {}};
  std::unordered_map<std::uint32_t, DemandLog::Slot> held;
  std::uint64_t events = 0;
  reader.forEach([&](const TraceEvent& event) {
    const std::uint64_t time_us = event.time_ns / 1000;
    if (progress && ++events % 65536 == 0) progress(events);
    if (event.kind == TraceEvent::Kind::free) {
      const auto found = held.find(event.block);
      if (found == held.end()) return;
      device.log.give(time_us, found->second);
      held.erase(found);
      return;
    }
    const bool refused = event.kind == TraceEvent::Kind::refused;
    if ((event.kind != TraceEvent::Kind::allocation && !refused) || event.size == 0) return;
    const Request request{event.pool, workload.sources.of(reader.sources().at(event.source)), event.size};
    const DemandLog::Slot slot = device.log.take(time_us, request);
    if (!refused) {
      held.insert_or_assign(event.block, slot);
      return;
    }
    device.log.give(time_us, slot);
    ++device.refused;
  });
  if (device.log.events() == 0) throw SizingError(folder + ": the trace has no requests");
  device.log.endAt(device.log.startMicros() + static_cast<std::uint64_t>(reader.totals().seconds * 1e6));
  device.lost = reader.totals().lost;
  device.missing_packets = reader.totals().missing_packets;
  device.other_sizes = pools != workload.pools;
  for (const RecordedDevice& other : workload.devices) {
    if (sameTrace(device, other))
      throw SizingError(folder + ": is the same trace as " + other.name + ": each may be given once");
  }
  workload.devices.push_back(std::move(device));
}

}  // namespace millpond::sizing
