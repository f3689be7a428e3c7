// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/HeapDemand.h"

#include <initializer_list>

#include "lab/device/SoakResult.h"

namespace millpond::lab {

namespace {

struct Request {
  RequestClass kind;
  std::uint32_t bytes;
  const char* what;
};

// The largest request of a class that the pools of `policy` can serve; 0 if they have none for it.
std::uint32_t largestInPools(const Scenario& scenario, const std::string& policy, RequestClass kind) {
  if (!policy.starts_with("pools")) return 0;
  const Scenario::Pools& pools = scenario.pools;
  const Scenario::NetPools& net = scenario.net_pools;
  if (kind == RequestClass::audio) return pools.audio_block_bytes;
  if (kind == RequestClass::network) return pools.network_block_bytes;
  if (kind == RequestClass::general) return pools.general_granules * pools.general_granule_bytes;
  if (policy != "pools+net") return 0;
  if (kind == RequestClass::pbuf) return net.pbuf_block_bytes;
  return kind == RequestClass::tls ? net.tls_block_bytes : 0;
}

bool isOnHeap(const Scenario& scenario, const std::string& policy, const Request& request) {
  if (request.kind != RequestClass::audio && scenario.isExternal(request.bytes)) return false;
  // Small TLS objects stay on the heap even where records have pools.
  if (request.kind == RequestClass::tls && request.bytes <= scenario.net_pools.tls_granule_bytes) return true;
  return request.bytes > largestInPools(scenario, policy, request.kind);
}

}  // namespace

std::optional<HeapDemand> largestOnHeap(const Scenario& scenario, const std::string& policy) {
  if (policy == "static") return std::nullopt;
  const auto if_any = [](std::uint32_t any, std::uint32_t bytes) { return any == 0 ? 0 : bytes; };
  HeapDemand largest;
  for (const Request& request : std::initializer_list<Request>{
           {RequestClass::network, scenario.largestChunk(), "a chunk of sound"},
           {RequestClass::audio, scenario.capture.buffer_bytes, "a captured buffer"},
           {RequestClass::general, scenario.general.bytes.high, "a message buffer"},
           {RequestClass::tls, scenario.tls.record_in_bytes.high, "a TLS record"},
           {RequestClass::tls, scenario.tls.record_out_bytes.high, "a TLS record"},
           {RequestClass::tls, scenario.tls.object_bytes.high, "a TLS object"},
           {RequestClass::tls, if_any(scenario.tls.certificates, scenario.tls.certificate_bytes.high),
            "a certificate"},
           {RequestClass::tls, scenario.update.buffer_bytes.high, "an update's buffer"},
           {RequestClass::small, if_any(scenario.update.install_percent, scenario.update.sector_bytes.high),
            "an update's sector"},
           {RequestClass::pbuf, scenario.uplink.segment_bytes + scenario.uplink.segment_overhead,
            "a segment"},
           {RequestClass::pbuf, scenario.bursts.packet_bytes.high, "a packet"},
           {RequestClass::small, scenario.codec.scratch_bytes.high, "the codec's scratch"},
           {RequestClass::small, scenario.sessions.object_bytes.high, "a session's object"},
           {RequestClass::small, scenario.cache.entry_bytes.high, "a cache entry"},
           {RequestClass::small, scenario.messages.string_bytes.high, "a string"},
           {RequestClass::small, if_any(scenario.jobs.every_s, scenario.jobs.stack_bytes.high),
            "a task's stack"},
           {RequestClass::small, if_any(scenario.jobs.every_s, scenario.jobs.work_bytes.high),
            "a task's working memory"}}) {
    if (request.bytes > largest.bytes && isOnHeap(scenario, policy, request)) {
      largest = {request.bytes, request.what};
    }
  }
  return largest;
}

}  // namespace millpond::lab
