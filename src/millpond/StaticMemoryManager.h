// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "millpond/MemoryManager.h"
#include "millpond/manager/ManagedPool.h"

namespace millpond {

/// Rejects a wrong configuration with a single message. Separate from the derived class: otherwise the
/// compiler would report that class as one without bases.
template <MemoryConfig config>
struct CheckedConfig {
  static constexpr ConfigError error = config.check();
  static_assert(error != ConfigError::too_many_blocks, "Millpond: a pool has at most 1024 blocks");
  static_assert(
      error != ConfigError::misaligned_block,
      "Millpond: every block size must be a positive multiple of `alignment`, a power of two from 8");
  static_assert(
      error != ConfigError::pool_too_large,
      "Millpond: a pool, which is blocks x block size, must stay below 4 GiB, and so must all together");
  static_assert(error != ConfigError::granule_not_power_of_two,
                "Millpond: general_block_size must be a power of two, and so must be other granules");
  static_assert(
      error != ConfigError::fence_too_wide,
      "Millpond: with Guards::fenced or full `alignment` must be at most 512, and general_block_size "
      "larger than the fence, which is `alignment` bytes");
  static_assert(error != ConfigError::heap_records, "Millpond: max_heap_blocks must be from 1 to 32");
  static_assert(error != ConfigError::heap_limit, "Millpond: max_heap_allocation must stay below 16 MiB");
  static_assert(error != ConfigError::block_too_large,
                "Millpond: a block, and a run of granules, must stay below 16 MiB");
  static_assert(error != ConfigError::reserve_too_large,
                "Millpond: a pool's reserve must be smaller than the pool");
  static_assert(error != ConfigError::unnamed_pool, "Millpond: every pool in `more` needs a name");
  static_assert(error != ConfigError::duplicate_name,
                "Millpond: two pools have the same name; audio, network, general and heap are taken");
  static_assert(error != ConfigError::place_too_small,
                "Millpond: an array is smaller than the pool that is placed in it: see regionBytes");
  static_assert(error != ConfigError::place_used_twice, "Millpond: two pools are placed in one array");
  static_assert(
      error != ConfigError::thresholds_out_of_order,
      "Millpond: pressure thresholds are out of order: for free_heap and largest_block critical lies "
      "below warning, for occupancy above it and at most at 100 percent");
  static_assert(error != ConfigError::hysteresis_too_wide,
                "Millpond: a pressure hysteresis must not be wider than warning and critical are apart, and "
                "must leave values at which warning ends");
};

/// The side tables of a `StaticMemoryManager`, in one piece, so that one step zeroes them.
template <MemoryConfig config>
struct SideTables {
  // A rejected configuration gets tables of one element, so that its message is the only one.
  static constexpr bool valid = config.check() == ConfigError::none;
  /// Returns: `count`; 1 if that is 0 or the configuration is rejected. Context: any, at compile time.
  static constexpr std::size_t orOne(std::size_t count) { return valid && count != 0 ? count : 1; }

  PoolState pools[config.poolCount()];
  Word state[orOne(stateWords(config))];
  Ledger::Entry entries[orOne(config.blocks())];
  HeapFallback::Record records[valid ? config.max_heap_blocks : 1];
};

/// The memory of a `StaticMemoryManager`: the state of all pools, the side tables, and the blocks.
template <MemoryConfig config>
struct MemoryStorage : SideTables<config> {
  using Tables = SideTables<config>;

  static constexpr PoolTable table = config.pools();
  static constexpr Guards guards = config.guards;
  static constexpr std::size_t fence = config.fence();
  static constexpr bool measures_requests = config.measure_requests;

  static constexpr ManagerSetupOf<config.poolCount()> setup{config};
  template <std::size_t row>
  static constexpr PoolSetup pool_setup{config, row};

  MemoryStorage() : Tables{} {}

  [[no_unique_address]] QuarantineFor<config.guards> quarantine;
  alignas(Tables::valid ? config.alignment : 1) std::byte memory[Tables::orOne(config.arenaBytes())];
};

/// A `MemoryManager` that contains all its memory: declare one with static storage.
///
/// Its pools are generated for the sizes in `config`. The calls below are `MemoryManager`'s, inlined into the
/// caller. They are the fastest, and safe in an interrupt in any section of code. Through a `MemoryManager&`
/// the same calls take a few more instructions, and a call site takes a tenth of the bytes:
/// docs/performance.md.
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
  static constexpr std::size_t budgetPercent() { return budgetBytes() * 100 / config.available_ram; }

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
