// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/LibraryCheck.h"

#include <algorithm>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/policies/PoolFile.h"
#include "lab/policies/PoolSet.h"
#include "sizing/TuningJson.h"

namespace millpond::sizing {

namespace {

const Heap no_heap{.allocate = [](void*, std::size_t, std::size_t) -> void* { return nullptr; },
                   .release = [](void*, void*, std::size_t) {}};

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
  nlohmann::json json{{"pools", nlohmann::json::array()}};
  for (const PoolSize& pool : pools) {
    if (pool.blocks != 0) json["pools"].push_back(toJson(pool));
  }
  if (json["pools"].empty()) {
    return {.audio_buffer_pool_size = 0, .network_buffer_pool_size = 0, .general_buffer_pool_size = 0};
  }
  return lab::PoolFile(json, "the pools").config();
}

std::vector<std::uint64_t> refusedByLibrary(const Workload& workload, const std::vector<PoolSize>& pools) {
  const MemoryConfig config = configurationOf(pools);
  std::vector<std::uint64_t> refused(pools.size());
  for (const RecordedDevice& device : workload.devices) {
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
