// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "millpond/MemoryManager.h"
#include "millpond/manager/ManagedPool.h"
#include "millpond/manager/MemoryStorage.h"

namespace millpond {

/// A `MemoryManager` that contains all its memory: declare one with static storage.
///
/// Its pools are generated for the sizes in `config`. The calls below are `MemoryManager`'s. They are the
/// fastest, and safe in an interrupt in any section of code: in a build with hot sections (`Hot.h`) they are
/// inlined into the caller, which takes some hundred bytes for each. Through a `MemoryManager&` the same
/// calls take some 40 to 60 instructions more a pair (docs/performance.md), and 16 to 24 bytes each.
///
/// The exact RAM is known at compile time: a configuration that needs more than
/// `MemoryConfig::available_ram`, or more than `max_share_percent` of `total_ram`, does not compile.
///
///     static millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 6}> memory;
template <MemoryConfig config = MemoryConfig{}>
class StaticMemoryManager : public MemoryManager, MemoryStorage<config> {
  using Storage = MemoryStorage<config>;
  static_assert(sizeof(CheckedConfig<config>) != 0);

 public:
  /// Effect: a manager whose pools are free; the reclaimable ones take their memory from `heap`, if it has
  /// any. `heap` is the fallback of the pools and must outlive the manager. Context: task.
  explicit StaticMemoryManager(const Heap& heap = platform_heap) {
    const MemoryTables tables{this->pools,   this->memory,  this->state,
                              this->entries, this->records, quarantineIn(this->quarantine)};
    this->setUp(Storage::setup.manager, tables, heap);
    setUpPools(tables, std::make_index_sequence<pool_count>());
    if constexpr (config.hasReclaimable()) this->reacquirePools();
  }
  ~StaticMemoryManager() {
    if constexpr (config.hasReclaimable()) this->abandonPools();
  }
  explicit StaticMemoryManager(const Heap&&) = delete;  // it must outlive the manager

  using MemoryManager::allocate;
  using MemoryManager::allocateAudioBuffer;
  using MemoryManager::allocateGeneralBuffer;
  using MemoryManager::allocateNetworkBuffer;

  /// As `MemoryManager`'s calls of these names, with the pool known at compile time.
  [[nodiscard]] MILLPOND_INLINE void* allocateAudioBuffer(std::size_t size, const char* source) {
    return allocateFrom<rowOf(PoolId::audio)>(size, source);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateNetworkBuffer(std::size_t size, const char* source) {
    return allocateFrom<rowOf(PoolId::network)>(size, source);
  }
  [[nodiscard]] MILLPOND_INLINE void* allocateGeneralBuffer(std::size_t size, const char* source) {
    return allocateFrom<rowOf(PoolId::general)>(size, source);
  }
  /// As above, for any pool. A constant id makes the call as fast as those above.
  [[nodiscard]] MILLPOND_INLINE void* allocate(PoolId pool, std::size_t size, const char* source) {
    if (__builtin_constant_p(pool)) return allocateConstant<0>(pool, size, source);
    return core().allocate(size, source, pool);
  }

  /// As `MemoryManager`'s calls of these names.
  [[nodiscard]] MILLPOND_INLINE Buffer audioBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::audio, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer networkBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::network, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer generalBuffer(std::size_t size, const char* source) {
    return buffer(PoolId::general, size, source);
  }
  [[nodiscard]] MILLPOND_INLINE Buffer buffer(PoolId pool, std::size_t size, const char* source) {
    return core().handle(allocate(pool, size, source), size);
  }

  /// As `MemoryManager::create`; an object that no pool of this manager can hold does not compile.
  template <class T, class... Arguments>
  [[nodiscard]] Object<T> create(PoolId pool, const char* source, Arguments&&... arguments) {
    static_assert(sizeof(T) <= config.largestRequest(),
                  "Millpond: the object is larger than any pool's block");
    static_assert(alignof(T) <= config.alignment,
                  "Millpond: the object is aligned more strictly than blocks");
    return MemoryManager::create<T>(pool, source, static_cast<Arguments&&>(arguments)...);
  }

  /// As `MemoryManager`'s calls of these names.
  MILLPOND_HOT_MEMBER void deallocate(void* pointer) { freeFrom<0>(pointer); }
  MILLPOND_HOT_MEMBER bool tryDeallocate(void* pointer) { return freeFrom<0>(pointer); }

  /// The configuration that `Pressure` uses.
  static constexpr const PressureSetup& pressureSetup() { return pressure_setup; }

  /// Bytes of the pools' blocks in the manager and in reclaimable pools.
  static constexpr std::size_t poolBytes() { return config.poolBytes(); }
  /// Bytes of the blocks in other places, which no budget counts.
  static constexpr std::size_t placedBytes() { return config.placedBytes(); }
  /// Bytes of the pools and of the static buffers: the figure of ADR-002's table.
  static constexpr std::size_t budgetBytes() { return poolBytes() + config.static_buffer_bytes; }
  /// Bytes of everything except the blocks and the static buffers, fences included.
  static constexpr std::size_t overheadBytes() {
    return sizeof(StaticMemoryManager) - config.arenaBytes() + config.fenceBytes();
  }
  /// The exact total RAM.
  static constexpr std::size_t totalBytes() { return budgetBytes() + overheadBytes(); }
  /// `budgetBytes()` as a share of `MemoryConfig::available_ram`, in percent.
  static constexpr std::size_t budgetPercent() {
    return static_cast<std::size_t>(std::uint64_t{budgetBytes()} * 100 / config.available_ram);
  }

 private:
  static constexpr std::size_t pool_count = config.poolCount();

  template <std::size_t row>
  using Managed = ManagedPool<Storage, row>;

  template <std::size_t... row>
  MILLPOND_INLINE void setUpPools(const MemoryTables& tables, std::index_sequence<row...>) {
    (setUpPool<row>(tables), ...);
  }
  // A pool whose array is misaligned gets no memory.
  template <std::size_t row>
  MILLPOND_INLINE void setUpPool(const MemoryTables& tables) {
    constexpr PoolSpec pool = Storage::table[row];
    constexpr const GuardSteps* guard = Storage::setup.manager.guard;
    this->pools[row].setUp(Storage::template pool_setup<row>, guard, tables);
    if constexpr (pool.place.kind == Place::Kind::array && pool.blocks != 0) {
      if (reinterpret_cast<std::uintptr_t>(pool.place.memory) % config.alignment == 0)
        this->pools[row].start(pool.place.memory + config.fence(), guard);
    }
  }

  template <std::size_t row>
  MILLPOND_HOT_MEMBER void* allocateFrom(std::size_t size, const char* source) {
    constexpr PoolId id = poolIdOf(row);
    const auto slow = [this, size, source]() MILLPOND_INLINED {
      constexpr About<Terms> terms{Terms::ordinary, id};
      return Managed<row>::decides ? core().fallBack(size, source, terms)
                                   : core().allocateSlow(size, source, terms);
    };
    if constexpr (Managed<row>::takes_fast) {
      const Managed<row> pool(*this);
      if (pool.open()) [[likely]]
        return fast_path::allocate(pool, core(), id, size, source, slow);
    }
    return slow();
  }

  template <std::size_t row>
  MILLPOND_INLINE void* allocateConstant(PoolId pool, std::size_t size, const char* source) {
    if constexpr (row == pool_count) {
      return core().allocate(size, source, pool);
    } else {
      return pool == poolIdOf(row) ? allocateFrom<row>(size, source)
                                   : allocateConstant<row + 1>(pool, size, source);
    }
  }

  // Whether the fast path frees the blocks of every pool.
  template <std::size_t... row>
  static constexpr bool freesAllFast(std::index_sequence<row...>) {
    return ((Storage::table[row].blocks == 0 || Managed<row>::frees_fast) && ...);
  }

  template <std::size_t row>
  MILLPOND_INLINE bool freeFrom(void* pointer) {
    if constexpr (row == pool_count) {
      constexpr bool all_fast = freesAllFast(std::make_index_sequence<pool_count>());
      return all_fast ? core().freeOutsidePools(pointer) : core().freeSlow(pointer);
    } else if constexpr (!Managed<row>::frees_fast) {
      return freeFrom<row + 1>(pointer);
    } else {
      const Managed<row> pool(*this);
      const std::uintptr_t index = pool.indexOf(pointer);
      if (index >= pool.count()) return freeFrom<row + 1>(pointer);
      return fast_path::free(pool, core(), poolIdOf(row), static_cast<std::uint32_t>(index), pointer);
    }
  }

  static constexpr PressureSetup pressure_setup = config.pressure();
  // Rounds the size of the whole object, which is not complete here, up to its alignment, a power of two.
  static constexpr std::size_t last = alignof(MemoryStorage<config>) - 1;
  static constexpr std::size_t object_bytes =
      (sizeof(MemoryStorage<config>) + sizeof(MemoryManager) + last) & ~last;
  static constexpr ConfigError budget_error =
      Storage::valid ? config.checkBudget(object_bytes - config.arenaBytes() + config.fenceBytes())
                     : ConfigError::none;
  static_assert(budget_error != ConfigError::ram_exceeded,
                "Millpond: pools, static buffers and side tables need more RAM than available_ram");
  static_assert(
      budget_error != ConfigError::share_exceeded,
      "Millpond: pools, static buffers and side tables take more than max_share_percent of total_ram");
};

}  // namespace millpond
