// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "millpond.h"
#include "property/Operations.h"
#include "support/ManagerFixture.h"
#include "support/ManagerModel.h"
#include "support/RequestGenerator.h"
#include "support/Scale.h"

namespace millpond {
namespace memory_manager_property {

using test::Action;
using test::ManagerModel;
using test::Request;

constexpr MemoryConfig many{.audio_buffer_pool_size = 40,
                            .network_buffer_pool_size = 33,
                            .general_buffer_pool_size = 70,
                            .max_heap_allocation = 8192,
                            .audio_block_size = 64,
                            .network_block_size = 48,
                            .general_block_size = 32,
                            .max_heap_blocks = 4};

alignas(16) std::byte array_memory[31 * 48];

/// As many pools as there can be, of each kind and at each border of what a word holds.
constexpr MemoryConfig table{
    .general_buffer_pool_size = 0,
    .max_heap_allocation = 8192,
    .audio_block_size = 256,
    .network_block_size = 336,
    .more = {{{.name = "one", .blocks = 1, .block_size = 1008},
              {.name = "runs", .kind = PoolKind::runs, .blocks = 32, .block_size = 64},
              {.name = "array", .blocks = 31, .block_size = 48, .place = Place::in(array_memory)},
              {.name = "granule", .kind = PoolKind::runs, .blocks = 1, .block_size = 16},
              {.name = "words", .kind = PoolKind::runs, .blocks = 33, .block_size = 32}}},
    .max_heap_blocks = 4};

std::uintptr_t addressOf(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }
void* at(std::uintptr_t address) { return reinterpret_cast<void*>(address); }

/// A manager and its model, put to the same requests.
template <MemoryConfig config>
class World {
 public:
  World() {
    Port::driveTicks(now_);
    memory_->setObserver(&observer_);
    // The model learns where the pools lie from their first blocks.
    for (std::size_t row = 0; row < config.poolCount(); ++row) {
      const PoolId pool = poolIdOf(row);
      if (config.pools()[row].blocks == 0) continue;
      void* first = memory_->allocate(pool, 1, "first");
      model_.setBase(pool, first);
      model_.allocate(pool, 1, "first", {false, false, now_});
      memory_->deallocate(first);
      model_.free(addressOf(first), false);
    }
    expectSameAsModel();
  }
  ~World() {
    for (const auto& [pool, block] : model_.live()) memory_->deallocate(at(block.address));
    memory_->releaseFreed();
    Port::driveTicks(0);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void perform(const Request& request) {
    if (!request.in_interrupt) return act(request);
    const Port::InterruptScope in_interrupt;
    act(request);
  }

  void expectSameAsModel() {
    const MemoryStats stats = memory_->stats();
    RC_ASSERT(stats.pools == config.poolCount());
    for (std::size_t row = 0; row < stats.pools; ++row) {
      expectSame(stats.pool(poolIdOf(row)), model_.statsOf(poolIdOf(row)));
    }
    expectSame(stats.heap, model_.statsOf(PoolId::heap));
    RC_ASSERT(stats.invalid_requests == model_.invalidRequests());
    RC_ASSERT(heard_ == model_.events);
    heard_.clear();
    model_.events.clear();
    expectSameBlocks();
  }

 private:
  static void hear(void* self, const MemoryEvent& event) {
    if (event.kind == MemoryEvent::Kind::heap_changed) return;  // a hint, no figure hangs on it
    static_cast<World*>(self)->heard_.push_back(
        {event.kind, event.pool, event.source, event.size, addressOf(event.pointer)});
  }

  // Each way in: by the name of the call, by an id that is constant, and as any manager.
  void* call(const Request& request) {
    MemoryManager& any = *memory_;
    if (request.pick % 3 == 0) return any.allocate(request.pool, request.size, request.source);
    if (request.pick % 3 == 1) return callConstant<0>(request);
    switch (request.pool) {
      case PoolId::audio:
        return memory_->allocateAudioBuffer(request.size, request.source);
      case PoolId::network:
        return memory_->allocateNetworkBuffer(request.size, request.source);
      case PoolId::general:
        return memory_->allocateGeneralBuffer(request.size, request.source);
      default:
        return memory_->allocate(request.pool, request.size, request.source);
    }
  }

  template <std::size_t row>
  void* callConstant(const Request& request) {
    if constexpr (row + 1 < config.poolCount()) {
      if (rowOf(request.pool) != row) return callConstant<row + 1>(request);
    }
    return memory_->allocate(poolIdOf(row), request.size, request.source);
  }

  void act(const Request& request) {
    switch (request.action) {
      case Action::allocate:
        return allocate(request);
      case Action::free_held:
        return free(held(request), request);
      case Action::free_all:
        return freeAll(request);
      case Action::free_again:
        return free(stale_[request.pick % stale_.size()], request);
      case Action::free_interior:
        return free(interior(request), request);
      case Action::free_misaligned:
        return free(held(request) + request.pick % 15 - 7, request);
      case Action::free_other:
        return free(model_.begin() + request.pick * 16 % (model_.end() - model_.begin()), request);
      case Action::free_outside:
        return free(outside(request), request);
      case Action::free_null:
        return free(0, request);
      case Action::pass_time:
        Port::driveTicks(now_ += request.pick + 1);
        return;
      case Action::toggle_heap:
        heap_.setEmpty(heap_is_empty_ = !heap_is_empty_);
        return;
    }
  }

  void allocate(const Request& request) {
    const auto expected = model_.allocate(request.pool, request.size, request.source,
                                          {request.in_interrupt, heap_is_empty_, now_});
    const void* block = call(request);
    if (expected.verdict == ManagerModel::Verdict::from_heap) {
      RC_ASSERT((block != nullptr));
      model_.fromHeap(block);
    } else {
      RC_ASSERT(addressOf(block) == expected.address);
    }
  }

  void free(std::uintptr_t address, const Request& request) {
    MemoryManager& any = *memory_;
    const bool freed =
        request.pick % 2 == 0 ? memory_->tryDeallocate(at(address)) : any.tryDeallocate(at(address));
    RC_ASSERT(freed == model_.free(address, request.in_interrupt));
    stale_[stale_count_++ % stale_.size()] = address;
  }

  void freeAll(const Request& request) {
    for (const auto& [pool, block] : model_.live()) free(block.address, request);
  }

  std::uintptr_t held(const Request& request) const {
    const auto live = model_.live();
    return live.empty() ? 0 : live[request.pick % live.size()].second.address;
  }

  std::uintptr_t interior(const Request& request) const {
    const auto live = model_.live();
    if (live.empty()) return 0;
    const ManagerModel::Block& block = live[request.pick % live.size()].second;
    return block.address + request.size % (block.size + 1);
  }

  std::uintptr_t outside(const Request& request) const {
    const std::array<std::uintptr_t, 8> places{model_.begin() - 1, model_.begin() - config.audio_block_size,
                                               model_.end(),       model_.end() + config.general_block_size,
                                               addressOf(this),    addressOf(&request),
                                               std::uintptr_t{1},  ~std::uintptr_t{0}};
    return places[request.pick % places.size()];
  }

  static void expectSame(const PoolStats& real, const PoolStats& model) {
    RC_ASSERT(std::string(real.name) == model.name);
    RC_ASSERT(real.block_size == model.block_size);
    RC_ASSERT(real.capacity == model.capacity);
    RC_ASSERT(real.in_use == model.in_use);
    RC_ASSERT(real.peak == model.peak);
    RC_ASSERT(real.allocations == model.allocations);
    RC_ASSERT(real.frees == model.frees);
    RC_ASSERT(real.exhausted == model.exhausted);
    RC_ASSERT(real.oversize == model.oversize);
    RC_ASSERT(real.fallbacks == model.fallbacks);
    RC_ASSERT(real.rejected == model.rejected);
    RC_ASSERT(real.bytes_requested == model.bytes_requested);
    RC_ASSERT(real.bytes_granted == model.bytes_granted);
  }

  // The list of live blocks, and what it sums up to for each source.
  void expectSameBlocks() {
    std::map<std::uintptr_t, LiveBlock> listed;
    for (const LiveBlock& block : memory_->leaks()) listed.emplace(addressOf(block.address), block);
    const auto live = model_.live();
    RC_ASSERT(listed.size() == live.size());
    std::map<std::string, SourceStats> by_source;
    for (const auto& [pool, block] : live) {
      const auto found = listed.find(block.address);
      RC_ASSERT(found != listed.end());
      const LiveBlock& real = found->second;
      RC_ASSERT(real.pool == pool);
      RC_ASSERT(real.size == block.size);
      RC_ASSERT(real.source == block.source);
      RC_ASSERT(real.granted == model_.granted(pool, block));
      if (pool != PoolId::heap) RC_ASSERT(real.index == block.index);
      RC_ASSERT(memory_->poolOf(real.address) == pool);
      RC_ASSERT(memory_->usableSize(real.address) == real.granted);
      const std::uint64_t exact = std::uint64_t{now_ - block.since} * 65'536 / 1000;
      RC_ASSERT(real.age_ms <= exact);
      RC_ASSERT(real.age_ms + 1 >= exact);

      SourceStats& sum = by_source[block.source];
      ++sum.blocks;
      sum.bytes_requested += block.size;
      sum.bytes_granted += real.granted;
      sum.oldest_ms = std::max(sum.oldest_ms, real.age_ms);
    }
    expectSameSources(by_source);
  }

  void expectSameSources(const std::map<std::string, SourceStats>& by_source) {
    std::array<SourceStats, 10> rows;
    const std::size_t count = memory_->statsBySource(rows);
    RC_ASSERT(count == by_source.size());
    for (std::size_t row = 0; row < count; ++row) {
      const auto found = by_source.find(rows[row].source);
      RC_ASSERT(found != by_source.end());
      RC_ASSERT(rows[row].blocks == found->second.blocks);
      RC_ASSERT(rows[row].bytes_requested == found->second.bytes_requested);
      RC_ASSERT(rows[row].bytes_granted == found->second.bytes_granted);
      RC_ASSERT(rows[row].oldest_ms == found->second.oldest_ms);
    }
  }

  MemoryObserver observer_{.notify = hear, .context = this};
  test::TestHeap heap_;
  std::unique_ptr<StaticMemoryManager<config>> memory_ =
      std::make_unique<StaticMemoryManager<config>>(heap_.heap());
  ManagerModel model_{config};
  std::vector<ManagerModel::Event> heard_;
  std::array<std::uintptr_t, 16> stale_{};
  std::size_t stale_count_ = 0;
  std::uint32_t now_ = 100;
  bool heap_is_empty_ = false;
};

template <MemoryConfig config>
void doesWhatTheModelDoes(std::size_t mean) {
  const test::RequestDecoder decoder(config);
  World<config> world;
  for (const std::uint64_t word : test::arbitraryWords(mean)) {
    world.perform(decoder.decode(word));
    world.expectSameAsModel();
    ++test::operations_done;
  }
}

RC_GTEST_PROP(MemoryManagerProperty, DoesWhatTheModelDoes, ()) {
  doesWhatTheModelDoes<MemoryConfig{}>(test::scaled(3500));
}

RC_GTEST_PROP(MemoryManagerProperty, DoesWhatTheModelDoesBeyondOneWordOfBlocks, ()) {
  doesWhatTheModelDoes<many>(test::scaled(600));
}

RC_GTEST_PROP(MemoryManagerProperty, DoesWhatTheModelDoesForEveryPoolOfATable, ()) {
  doesWhatTheModelDoes<table>(test::scaled(600));
}

RC_GTEST_PROP(MemoryManagerProperty, DoesWhatTheModelDoesForEveryPoolUnguarded, ()) {
  constexpr MemoryConfig unguarded = [] {
    MemoryConfig config = table;
    config.guards = Guards::none;
    return config;
  }();
  doesWhatTheModelDoes<unguarded>(test::scaled(600));
}

RC_GTEST_PROP(MemoryManagerProperty, DoesWhatTheModelDoesWithFences, ()) {
  doesWhatTheModelDoes<MemoryConfig{.alignment = 32, .guards = Guards::fenced}>(test::scaled(600));
}

}  // namespace memory_manager_property
}  // namespace millpond
