// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/Warnings.h"

#include <fmt/format.h>

#include <algorithm>

namespace millpond::lab {

namespace {

constexpr std::uint32_t block_unit = 8;

class Warnings {
 public:
  /// `bytes` may be asked for, as `of` says, and a unit of the pool has `block_bytes`.
  void size(const char* of, std::uint32_t bytes, const char* key, std::uint32_t block_bytes) {
    if (bytes <= block_bytes) return;
    const std::uint32_t enough = (bytes + block_unit - 1) / block_unit * block_unit;
    list.push_back(
        {key, enough,
         fmt::format("{} asks for {} bytes at once, and a block of its pool has {}: {} = {} would do", of,
                     bytes, block_bytes, key, enough)});
  }
  /// `units` may be held at once, as `of` says, and the pool has `capacity`.
  void held(const char* of, std::uint32_t units, const char* key, std::uint32_t capacity) {
    if (units <= capacity) return;
    list.push_back({key, units,
                    fmt::format("{} lets {} be held at once, and their pool has {}: {} = {} would do", of,
                                units, capacity, key, units)});
  }

  std::vector<Warning> list;
};

void addMain(Warnings& warnings, const Scenario& scenario) {
  const Scenario::Pools& pools = scenario.pools;
  warnings.size("capture.buffer_bytes", scenario.capture.buffer_bytes, "pools.audio_block_bytes",
                pools.audio_block_bytes);
  warnings.held("uplink.held_back_buffers", scenario.uplink.held_back_buffers, "pools.audio_blocks",
                pools.audio_blocks);
  if (!scenario.isExternal(scenario.largestChunk())) {
    warnings.size(scenario.codec.present() ? "codec.percent" : "uplink.chunk_bytes", scenario.largestChunk(),
                  "pools.network_block_bytes", pools.network_block_bytes);
    warnings.held("uplink.held_back_chunks", scenario.uplink.held_back_chunks, "pools.network_blocks",
                  pools.network_blocks);
  }
  const std::uint32_t granules =
      (scenario.general.bytes.high + pools.general_granule_bytes - 1) / pools.general_granule_bytes;
  warnings.held("general.tasks, with the most of general.bytes,", scenario.general.tasks * granules,
                "pools.general_granules", pools.general_granules);
}

void addNet(Warnings& warnings, const Scenario& scenario) {
  const Scenario::NetPools& pools = scenario.net_pools;
  const std::uint32_t segment = scenario.uplink.segment_bytes + scenario.uplink.segment_overhead;
  warnings.size("uplink.segment_bytes", segment, "net_pools.pbuf_block_bytes", pools.pbuf_block_bytes);
  warnings.size("bursts.packet_bytes", scenario.bursts.packet_bytes.high, "net_pools.pbuf_block_bytes",
                pools.pbuf_block_bytes);
  warnings.size("boot.receive_bytes", scenario.boot.receive_bytes.high, "net_pools.pbuf_block_bytes",
                pools.pbuf_block_bytes);
  if (scenario.isExternal(scenario.tls.record_in_bytes.high)) return;
  warnings.size("tls.record_in_bytes", scenario.tls.record_in_bytes.high, "net_pools.tls_block_bytes",
                pools.tls_block_bytes);
}

}  // namespace

std::vector<Warning> warningsOf(const Scenario& scenario, const std::string& policy) {
  Warnings warnings;
  if (policy.starts_with("pools") || policy == "static") addMain(warnings, scenario);
  if (policy == "pools+net") addNet(warnings, scenario);
  return warnings.list;
}

}  // namespace millpond::lab
