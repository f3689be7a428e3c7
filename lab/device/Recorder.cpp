// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/Recorder.h"

#include <algorithm>

namespace millpond::lab {

namespace {

constexpr std::size_t packet_bytes = std::size_t{64} * 1024;

bool couldServe(const TraceEncoder::Pool& pool, std::uint32_t bytes) {
  const std::uint32_t units = pool.runs ? std::min<std::uint32_t>(pool.blocks, 32) : 1;
  return bytes <= units * pool.block_size;
}

}  // namespace

std::vector<TraceEncoder::Pool> Recorder::poolsOf(const Policy& policy) {
  std::vector<TraceEncoder::Pool> pools = policy.pools();
  if (pools.empty())
    for (const char* name : request_class_names) pools.push_back({.name = name});
  return pools;
}

Recorder::Recorder(const Policy& policy, std::span<const std::byte> ram, const TraceSink& sink)
    : policy_(policy),
      ram_(ram),
      pools_(poolsOf(policy)),
      held_(TraceEncoder::heldWords(pools_)),
      packet_(packet_bytes),
      encoder_({packet_, held_, pools_}, sink) {
  encoder_.begin();
}

// Distinct from the 32 numbers that a device's fallback has.
std::uint32_t Recorder::heapBlock(const void* memory) const {
  return 32 + static_cast<std::uint32_t>(static_cast<const std::byte*>(memory) - ram_.data()) / 8;
}

void Recorder::add(std::uint64_t time_us, TraceKind kind, const DeviceRequest& request,
                   const PoolPlace& place) {
  encoder_.add(time_us, {.kind = kind,
                         .pool = place.pool,
                         .size = request.bytes,
                         .block = place.block,
                         .source = request.source});
}

void Recorder::taken(std::uint64_t time_us, const DeviceRequest& request, const void* memory) {
  PoolPlace place = policy_.placeOf(request, memory);
  if (place.block != PoolPlace::outside) return add(time_us, TraceKind::allocation, request, place);
  const TraceEncoder::Pool& pool = pools_[place.pool];
  place.block = 0;
  if (pool.blocks != 0) {
    const bool fits = couldServe(pool, request.bytes);
    add(time_us, fits ? TraceKind::exhausted : TraceKind::oversize, request, place);
  }
  if (memory == nullptr) return add(time_us, TraceKind::refused, request, place);
  place.block = heapBlock(memory);
  add(time_us, TraceKind::heap_allocation, request, place);
}

void Recorder::given(std::uint64_t time_us, const DeviceRequest& request, const void* memory) {
  PoolPlace place = policy_.placeOf(request, memory);
  const bool pooled = place.block != PoolPlace::outside;
  if (!pooled) place.block = heapBlock(memory);
  add(time_us, pooled ? TraceKind::free : TraceKind::heap_free, request, place);
}

}  // namespace millpond::lab
