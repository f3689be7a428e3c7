// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Replay.h"

#include <algorithm>
#include <memory>
#include <new>
#include <string>

#include "lab/policies/PoolSet.h"

namespace millpond::sizing {

namespace {

const Heap no_heap{.allocate = [](void*, std::size_t, std::size_t) -> void* { return nullptr; },
                   .release = [](void*, void*, std::size_t) {}};

std::string whatIsWrong(ConfigError error) {
  switch (error) {
    case ConfigError::too_many_blocks:
      return "a pool has at most " + std::to_string(MemoryConfig::max_blocks) + " blocks";
    case ConfigError::misaligned_block:
      return "a block's bytes must be a multiple of the alignment";
    case ConfigError::granule_not_power_of_two:
      return "a granule must be a power of two of bytes";
    case ConfigError::block_too_large:
      return "a block has at most " + std::to_string(MemoryConfig::max_block_bytes) + " bytes";
    case ConfigError::unnamed_pool:
      return "each pool needs a name of 1 to 15 characters";
    case ConfigError::duplicate_name:
      return "two pools have the same name";
    default:
      return "the library refuses them";
  }
}

PoolName nameOf(const std::string& text) {
  PoolName name;
  if (text.size() >= PoolName::capacity)
    throw SizingError("pool '" + text + "': a name has at most 15 characters");
  std::ranges::copy(text, name.text);
  return name;
}

void place(MemoryConfig& config, const PoolSize& pool, std::size_t& more) {
  if (pool.name == "audio") {
    config.audio_buffer_pool_size = pool.blocks;
    config.audio_block_size = pool.block_size;
  } else if (pool.name == "network") {
    config.network_buffer_pool_size = pool.blocks;
    config.network_block_size = pool.block_size;
  } else if (pool.name == "general") {
    config.general_buffer_pool_size = pool.blocks;
    config.general_block_size = pool.block_size;
  } else if (more == config.more.size()) {
    throw SizingError("a device has at most " + std::to_string(max_pools) + " pools");
  } else {
    config.more[more++] = {.name = nameOf(pool.name),
                           .kind = pool.runs ? PoolKind::runs : PoolKind::blocks,
                           .blocks = pool.blocks,
                           .block_size = pool.block_size};
  }
}

// One device with pools of its own.
class Life {
 public:
  explicit Life(const MemoryConfig& config)
      : memory_(static_cast<std::byte*>(::operator new (std::max<std::size_t>(config.arenaBytes(), 1),
                                                        std::align_val_t{memory_alignment}))),
        pools_(config, memory_.get(), no_heap) {}

  void run(const DemandLog& log, const std::vector<PoolId>& ids, std::vector<std::uint64_t>& refused) {
    std::vector<void*> held;
    log.forEach([&](const DemandLog::Event& event) {
      if (event.slot >= held.size()) held.resize(event.slot + 1);
      void*& block = held[event.slot];
      if (!event.takes) {
        pools_.deallocate(block);
        block = nullptr;
      } else if (ids[event.request.pool] != PoolId::none) {
        block = pools_.allocatePoolOnly(ids[event.request.pool], event.request.bytes, "replay");
        if (block == nullptr) ++refused[event.request.pool];
      }
    });
    for (void* block : held) pools_.deallocate(block);
  }
  PoolId find(const std::string& name) const { return pools_.find(name.c_str()); }

 private:
  static constexpr std::size_t memory_alignment = 512;
  struct Release {
    void operator()(std::byte* memory) const {
      ::operator delete (memory, std::align_val_t{memory_alignment});
    }
  };

  std::unique_ptr<std::byte, Release> memory_;
  lab::PoolSet pools_;
};

}  // namespace

MemoryConfig configurationOf(const std::vector<PoolSize>& pools) {
  MemoryConfig config{
      .audio_buffer_pool_size = 0, .network_buffer_pool_size = 0, .general_buffer_pool_size = 0};
  config.alignment = MemoryConfig::least_alignment;
  std::size_t more = 0;
  for (const PoolSize& pool : pools) {
    if (pool.blocks != 0) place(config, pool, more);
  }
  const ConfigError error = config.check();
  if (error != ConfigError::none && error != ConfigError::ram_exceeded &&
      error != ConfigError::share_exceeded) {
    throw SizingError("these pools cannot be: " + whatIsWrong(error));
  }
  return config;
}

std::vector<std::uint64_t> replay(const Workload& workload, const std::vector<PoolSize>& pools) {
  const MemoryConfig config = configurationOf(pools);
  std::vector<std::uint64_t> refused(pools.size());
  for (const Device& device : workload.devices) {
    Life life(config);
    std::vector<PoolId> ids(pools.size(), PoolId::none);
    for (std::size_t pool = 0; pool < pools.size(); ++pool) {
      if (pools[pool].blocks != 0) ids[pool] = life.find(pools[pool].name);
    }
    life.run(device.log, ids, refused);
  }
  return refused;
}

}  // namespace millpond::sizing
