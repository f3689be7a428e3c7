// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millpond/MemoryManager.h"

namespace millpond::test {

/// What a memory manager should do, as simply as it can be said: lists searched from one end to the other.
class ManagerModel {
 public:
  struct Block {
    std::uintptr_t address = 0;
    std::size_t index = 0;
    std::size_t units = 0;  // blocks or granules; of the heap: bytes
    std::size_t size = 0;
    std::string source;
    std::uint32_t since = 0;
  };

  struct Pool {
    PoolSpec spec{};
    bool runs = false;
    std::size_t fence = 0;
    std::size_t stride = 0;
    std::uintptr_t base = 0;
    std::vector<bool> held;                // by block or granule
    std::vector<std::string> last_source;  // who holds or last held the block that starts there
    std::map<std::size_t, Block> blocks;   // by index
    PoolStats stats;
  };

  struct Event {
    MemoryEvent::Kind kind;
    PoolId pool;
    std::string source;
    std::size_t size;
    std::uintptr_t pointer;
    bool operator==(const Event&) const = default;
  };

  explicit ManagerModel(const MemoryConfig& config) : config_(config) {
    pools_.reserve(config.poolCount());  // names point into them
    for (std::size_t row = 0; row < config.poolCount(); ++row) {
      Pool& pool = pools_.emplace_back();
      pool.spec = config.pools()[row];
      pool.runs = pool.spec.isRuns();
      pool.fence = config.fence();
      pool.stride = config.stride(pool.spec);
      pool.held.resize(pool.spec.blocks);
      pool.last_source.resize(pool.spec.blocks, "?");
      pool.stats = {
          .name = pool.spec.name.text, .block_size = pool.spec.block_size, .capacity = pool.spec.blocks};
    }
    heap_ = {.name = "heap", .block_size = 1, .capacity = config.max_heap_allocation};
  }

  /// Where each pool's first block lies.
  void setBase(PoolId id, const void* base) { of(id).base = reinterpret_cast<std::uintptr_t>(base); }

  struct Circumstances {
    bool in_interrupt;
    bool heap_is_empty;
    std::uint32_t now;
  };

  enum class Verdict : std::uint8_t { nothing, from_pool, from_heap };
  struct Answer {
    Verdict verdict = Verdict::nothing;
    std::uintptr_t address = 0;
  };

  /// What the manager is to answer. Where that is the heap, `fromHeap` tells the model the address.
  Answer allocate(PoolId id, std::size_t size, const char* source, const Circumstances& now) {
    const std::string name = source == nullptr ? "?" : source;
    if (size == 0) {
      ++invalid_requests_;
      events.push_back({MemoryEvent::Kind::invalid, id, name, size, 0});
      return {};
    }
    Pool& pool = of(id);
    const bool fits = size <= largest(pool);
    const std::size_t units =
        fits ? (pool.runs ? (size + pool.fence + pool.stride - 1) / pool.stride : 1) : 0;
    const std::size_t index = fits ? firstFit(pool, units) : pool.held.size();
    if (index < pool.held.size()) return serve(pool, index, {0, index, units, size, name, now.now});

    ++(fits ? pool.stats.exhausted : pool.stats.oversize);
    events.push_back({fits ? MemoryEvent::Kind::exhausted : MemoryEvent::Kind::oversize, id, name, size, 0});
    if (!now.in_interrupt) giveFreedBack();
    const bool heap_serves = !now.in_interrupt && !now.heap_is_empty &&
                             size <= config_.max_heap_allocation - heap_.in_use &&
                             heap_blocks_.size() < config_.max_heap_blocks;
    events.push_back(
        {heap_serves ? MemoryEvent::Kind::fallback : MemoryEvent::Kind::refused, id, name, size, 0});
    if (!heap_serves) {
      ++heap_.exhausted;
      return {};
    }
    ++pool.stats.fallbacks;
    ++heap_.allocations;
    heap_.in_use += size;
    heap_.peak = std::max(heap_.peak, heap_.in_use);
    expected_from_heap_ = {0, 0, size, size, name, now.now};
    return {Verdict::from_heap, 0};
  }

  void fromHeap(const void* address) {
    expected_from_heap_.address = reinterpret_cast<std::uintptr_t>(address);
    heap_blocks_[expected_from_heap_.address] = expected_from_heap_;
  }

  /// Returns: whether the manager is to accept it.
  bool free(std::uintptr_t address, bool in_interrupt) {
    if (address == 0) return true;
    for (std::size_t row = 0; row < pools_.size(); ++row) {
      const Pool& pool = pools_[row];
      if (address - pool.base < pool.stride * pool.spec.blocks) return freeFrom(poolIdOf(row), address);
    }
    const auto block = heap_blocks_.find(address);
    if (block == heap_blocks_.end()) {
      ++heap_.rejected;
      events.push_back({MemoryEvent::Kind::rejected_free, PoolId::heap, "?", 0, address});
      return false;
    }
    freed_.push_back(block->second.size);
    heap_blocks_.erase(block);
    if (!in_interrupt) giveFreedBack();
    return true;
  }

  PoolStats statsOf(PoolId id) const {
    if (id == PoolId::heap) {
      PoolStats stats = heap_;
      stats.bytes_requested = stats.bytes_granted = heap_.in_use;
      return stats;
    }
    const Pool& pool = pools_[static_cast<std::size_t>(id)];
    PoolStats stats = pool.stats;
    for (const auto& [index, block] : pool.blocks) stats.bytes_requested += block.size;
    stats.bytes_granted = stats.in_use * stats.block_size;
    return stats;
  }
  /// Bytes that a held block has.
  std::size_t granted(PoolId id, const Block& block) const {
    if (id == PoolId::heap) return block.size;
    const Pool& pool = pools_[static_cast<std::size_t>(id)];
    return block.units * pool.stride - pool.fence;
  }
  std::uint64_t invalidRequests() const { return invalid_requests_; }

  /// Every held block: pool by pool by index, then the heap's by address.
  std::vector<std::pair<PoolId, Block>> live() const {
    std::vector<std::pair<PoolId, Block>> all;
    for (std::size_t row = 0; row < pools_.size(); ++row) {
      for (const auto& [index, block] : pools_[row].blocks) all.emplace_back(poolIdOf(row), block);
    }
    for (const auto& [address, block] : heap_blocks_) all.emplace_back(PoolId::heap, block);
    return all;
  }

  /// Of the blocks in the manager.
  std::uintptr_t begin() const { return pools_[0].base; }
  std::uintptr_t end() const {
    std::uintptr_t end = 0;
    for (const Pool& pool : pools_) {
      const bool inside = pool.spec.place.kind == Place::Kind::manager && pool.spec.blocks != 0;
      if (inside) end = pool.base + pool.stride * pool.spec.blocks;
    }
    return end;
  }

  /// What the observer is to be told of since this was last emptied.
  std::vector<Event> events;

 private:
  Pool& of(PoolId id) { return pools_[static_cast<std::size_t>(id)]; }

  static std::size_t largest(const Pool& pool) {
    if (pool.spec.blocks == 0) return 0;
    return pool.stride * (pool.runs ? std::min<std::size_t>(pool.spec.blocks, 32) : 1) - pool.fence;
  }

  // The lowest place where that many lie free side by side within one word of 32.
  static std::size_t firstFit(const Pool& pool, std::size_t units) {
    for (std::size_t first = 0; first + units <= pool.held.size(); ++first) {
      if (first / 32 != (first + units - 1) / 32) continue;
      bool free = true;
      for (std::size_t unit = first; unit < first + units; ++unit) free = free && !pool.held[unit];
      if (free) return first;
    }
    return pool.held.size();
  }

  static Answer serve(Pool& pool, std::size_t index, Block block) {
    block.address = pool.base + index * pool.stride;
    for (std::size_t unit = index; unit < index + block.units; ++unit) pool.held[unit] = true;
    pool.last_source[index] = block.source;
    ++pool.stats.allocations;
    pool.stats.in_use += block.units;
    pool.stats.peak = std::max(pool.stats.peak, pool.stats.in_use);
    pool.blocks[index] = block;
    return {Verdict::from_pool, block.address};
  }

  bool freeFrom(PoolId id, std::uintptr_t address) {
    Pool& pool = of(id);
    const std::size_t index = (address - pool.base) / pool.stride;
    const auto block = pool.blocks.find(index);
    if (block == pool.blocks.end() || block->second.address != address) {
      ++pool.stats.rejected;
      events.push_back(
          {MemoryEvent::Kind::rejected_free, id, pool.last_source[startAround(pool, index)], 0, address});
      return false;
    }
    for (std::size_t unit = index; unit < index + block->second.units; ++unit) pool.held[unit] = false;
    pool.stats.in_use -= block->second.units;
    ++pool.stats.frees;
    pool.blocks.erase(block);
    return true;
  }

  void giveFreedBack() {
    for (const std::size_t size : freed_) heap_.in_use -= size;
    heap_.frees += freed_.size();
    freed_.clear();
  }

  static std::size_t startAround(const Pool& pool, std::size_t index) {
    for (const auto& [start, block] : pool.blocks) {
      if (start <= index && index < start + block.units) return start;
    }
    return index;
  }

  MemoryConfig config_;
  std::vector<Pool> pools_;  // by PoolId
  PoolStats heap_;
  std::map<std::uintptr_t, Block> heap_blocks_;
  std::vector<std::size_t> freed_;  // sizes of the heap's blocks that interrupts freed, not yet given back
  Block expected_from_heap_;
  std::uint64_t invalid_requests_ = 0;
};

}  // namespace millpond::test
