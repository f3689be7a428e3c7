// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/PoolPolicy.h"

#include <stdexcept>
#include <string>

namespace millpond::lab {

namespace {

MemoryConfig checked(const MemoryConfig& config, const char* section) {
  const ConfigError error = config.check();
  if (error == ConfigError::none) return config;
  throw std::runtime_error(
      std::string("the scenario's [") + section + "] cannot be: " +
      (error == ConfigError::granule_not_power_of_two
           ? "a granule must be a power of two of bytes"
           : "a block's bytes must be a multiple of 8 up to " + std::to_string(Holding::max_size)));
}

MemoryConfig mainConfig(const Scenario& scenario) {
  const Scenario::Pools& pools = scenario.pools;
  return checked({.audio_buffer_pool_size = pools.audio_blocks,
                  .network_buffer_pool_size = pools.network_blocks,
                  .general_buffer_pool_size = pools.general_granules,
                  .audio_block_size = pools.audio_block_bytes,
                  .network_block_size = pools.network_block_bytes,
                  .general_block_size = pools.general_granule_bytes,
                  .alignment = MemoryConfig::least_alignment},
                 "pools");
}

MemoryConfig netConfig(const Scenario& scenario) {
  const Scenario::NetPools& pools = scenario.net_pools;
  return checked({.audio_buffer_pool_size = pools.pbuf_blocks,
                  .network_buffer_pool_size = pools.tls_blocks,
                  .general_buffer_pool_size = pools.tls_granules,
                  .audio_block_size = pools.pbuf_block_bytes,
                  .network_block_size = pools.tls_block_bytes,
                  .general_block_size = pools.tls_granule_bytes,
                  .max_heap_blocks = HeapFallback::max_records,
                  .alignment = MemoryConfig::least_alignment},
                 "net_pools");
}

// Returns: the end of a set of pools and its side tables that starts at `start`; the heap needs some room
// after it.
std::byte* behindPools(std::span<std::byte> ram, std::byte* start, const MemoryConfig& config) {
  constexpr std::size_t least_heap = 1024;
  const std::size_t bytes = config.arenaBytes() + PoolSet::side_bytes;
  if (bytes + least_heap > static_cast<std::size_t>(ram.data() + ram.size() - start)) {
    throw std::runtime_error("the scenario's pools leave no room for a heap in ram.total_bytes, " +
                             std::to_string(ram.size()));
  }
  return start + bytes;
}

}  // namespace

PoolPolicy::PoolPolicy(const Scenario& scenario, std::span<std::byte> ram, bool net)
    : ram_(ram),
      static_bytes_(scenario.ram.static_bytes),
      net_sizes_(scenario.net_pools),
      pools_(ram.data() + static_bytes_),
      net_pools_(behindPools(ram, pools_, mainConfig(scenario))),
      rest_(net ? behindPools(ram, net_pools_, netConfig(scenario)) : net_pools_),
      heap_({rest_, ram.data() + ram.size()}),
      main_(mainConfig(scenario), pools_, behind_main_) {
  if (!net) return;
  net_.emplace(netConfig(scenario), net_pools_, behind_net_);
  net_watch_.emplace(*net_);
}

void PoolPolicy::watchLeaks(const PoolWatch::Suspect& suspect) {
  main_watch_.poll(suspect);
  if (net_watch_) net_watch_->poll(suspect);
}

Heap PoolPolicy::behind(Spill& spill) {
  return {.allocate =
              [](void* context, std::size_t bytes, std::size_t alignment) {
                auto& own = *static_cast<Spill*>(context);
                void* memory = own.heap.allocate(bytes, static_cast<std::uint32_t>(alignment));
                own.steps = own.heap.steps();
                own.bytes += bytes;
                return memory;
              },
          .release =
              [](void* context, void* memory, std::size_t /*bytes*/) {
                auto& own = *static_cast<Spill*>(context);
                own.heap.release(memory);
                own.steps = own.heap.steps();
              },
          .context = &spill};
}

// An operation on a pool changes one word atomically.
void* PoolPolicy::allocate(const DeviceRequest& request) {
  main_heap_.steps = net_heap_.steps = 0;
  void* memory = nullptr;
  switch (request.kind) {
    case RequestClass::audio:
      memory = main_.allocateAudioBuffer(request.bytes, request.source);
      break;
    case RequestClass::network:
      memory = main_.allocateNetworkBuffer(request.bytes, request.source);
      break;
    case RequestClass::general:
      memory = main_.allocateGeneralBuffer(request.bytes, request.source);
      break;
    default:
      if (goesToNet(request)) {
        memory = allocateFromNet(request);
        break;
      }
      memory = heap_.allocate(request.bytes);
      steps_ = heap_.steps();
      return memory;
  }
  steps_ = 1 + main_heap_.steps + net_heap_.steps;
  return memory;
}

bool PoolPolicy::goesToNet(const DeviceRequest& request) const {
  if (!net_) return false;
  if (request.kind == RequestClass::pbuf) return true;
  return request.kind == RequestClass::tls && request.bytes > net_sizes_.tls_granule_bytes;
}

void* PoolPolicy::allocateFromNet(const DeviceRequest& request) {
  if (request.kind == RequestClass::pbuf) return net_->allocateAudioBuffer(request.bytes, request.source);
  return request.bytes > net_sizes_.tls_granule_bytes * net_sizes_.tls_granules
             ? net_->allocateNetworkBuffer(request.bytes, request.source)
             : net_->allocateGeneralBuffer(request.bytes, request.source);
}

// Freeing a run of granules changes two words.
void PoolPolicy::release(void* memory, RequestClass kind, std::uint32_t bytes) {
  main_heap_.steps = net_heap_.steps = 0;
  if (isPooled(kind)) {
    main_.deallocate(memory);
    steps_ = (kind == RequestClass::general ? 2 : 1) + main_heap_.steps;
  } else if (goesToNet({kind, bytes, nullptr})) {
    net_->deallocate(memory);
    steps_ = (kind == RequestClass::tls ? 2 : 1) + net_heap_.steps;
  } else {
    heap_.release(memory);
    steps_ = heap_.steps();
  }
}

std::vector<TraceEncoder::Pool> PoolPolicy::pools() const {
  std::vector<TraceEncoder::Pool> rows = main_.rows();
  for (std::size_t kind = rows.size(); kind < request_classes; ++kind)
    rows.push_back({.name = request_class_names[kind]});
  return rows;
}

PoolPlace PoolPolicy::placeOf(const DeviceRequest& request, const void* memory) const {
  const auto row = static_cast<std::uint8_t>(request.kind);
  return {.pool = row,
          .block = isPooled(request.kind) ? main_.indexOf(poolIdOf(row), memory) : PoolPlace::outside};
}

void PoolPolicy::forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const {
  const auto offset = [this](const void* address) {
    return static_cast<std::uint32_t>(static_cast<const std::byte*>(address) - ram_.data());
  };
  const auto visitPools = [&](const PoolSet& set, const std::byte* start) {
    for (const LiveBlock& block : set.leaks()) {
      if (block.pool != PoolId::heap) visit(offset(block.address), static_cast<std::uint32_t>(block.granted));
    }
    visit(offset(start) + static_cast<std::uint32_t>(set.configuration().arenaBytes()), PoolSet::side_bytes);
  };
  visit(0, static_bytes_);
  visitPools(main_, pools_);
  if (net_) visitPools(*net_, net_pools_);
  heap_.forEachHeld([&](const std::byte* address, std::uint32_t bytes) { visit(offset(address), bytes); });
}

}  // namespace millpond::lab
