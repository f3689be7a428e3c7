// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// Longer than other headers: what follows from a configuration and what is wrong with it stand beside its
// fields.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/Guards.h"
#include "millpond/PoolId.h"
#include "millpond/PoolSpec.h"

namespace millpond {

/// When pressure begins. If the figure falls under pressure (free bytes), critical is below warning; if it
/// rises (percent in use), critical is above warning. A level ends only `hysteresis` beyond its limit, on the
/// safe side. That value must exist, and the hysteresis must be at most the distance between warning and
/// critical.
struct PressureLimits {
  std::size_t warning;
  std::size_t critical;
  std::size_t hysteresis;
};

/// The part of a `MemoryConfig` that `Pressure` uses.
struct PressureSetup {
  PressureLimits free_heap;
  PressureLimits largest_block;
  PressureLimits occupancy;
  std::uint32_t calm_ms;
  std::uint32_t reacquire_after_ms;
};

/// What is wrong with a configuration.
enum class ConfigError : std::uint8_t {
  none,
  too_many_blocks,
  misaligned_block,
  granule_not_power_of_two,
  pool_too_large,
  heap_records,
  heap_limit,
  fence_too_wide,
  block_too_large,
  reserve_too_large,
  unnamed_pool,
  duplicate_name,
  place_too_small,
  place_used_twice,
  thresholds_out_of_order,
  hysteresis_too_wide,
  ram_exceeded,
  share_exceeded,
};

/// Every size of a memory manager, fixed at compile time. The defaults are ADR-002's.
struct MemoryConfig {
  /// Blocks of the audio pool, 0 to 1024.
  std::size_t audio_buffer_pool_size = 4;
  /// Blocks of the network pool, 0 to 1024.
  std::size_t network_buffer_pool_size = 2;
  /// Granules of the general pool, 0 to 1024.
  std::size_t general_buffer_pool_size = 8;
  /// Bytes that may be outstanding in the heap fallback at once; below 16 MiB.
  std::size_t max_heap_allocation = 65536;

  /// Bytes per block; a positive multiple of `alignment`.
  std::size_t audio_block_size = 4096;
  std::size_t network_block_size = 20480;
  /// Bytes per granule; also a power of two. A request takes a run of up to 32.
  std::size_t general_block_size = 512;

  /// Further pools, each with a name. For example
  ///     .more = {{{.name = "tls", .blocks = 2, .block_size = 16720}}}
  std::array<PoolSpec, max_pools - adr_pools> more{};

  /// Blocks that may be outstanding in the heap fallback at once, 1 to 32; 16 bytes of table each.
  std::size_t max_heap_blocks = 16;
  /// Alignment of every block's start, in bytes; a power of two, at least `least_alignment`. It holds for
  /// every block: anywhere in a pool, or from the heap fallback.
  std::size_t alignment =
      least_alignment < alignof(std::max_align_t) ? alignof(std::max_align_t) : least_alignment;
  /// The alignment that 64-bit values need, and so the events of an `EventBus`.
  static constexpr std::size_t least_alignment = 8;

  /// How strictly the pools check their blocks. From `Guards::fenced` on each block has a fence next to it
  /// (`fence` and `fenceBytes`), so `alignment` is at most 512 and less than each granule.
  Guards guards = Guards::light;

  /// Whether `PoolStats::largest_request` is measured: two to four instructions per allocation.
  bool measure_requests = false;

  /// See `PoolSpec::reserve`.
  std::size_t audio_reserve = 0;
  std::size_t network_reserve = 0;
  std::size_t general_reserve = 0;

  /// Whether a pool's memory is a region of the heap: see `Place::Kind::heap`. A free then takes a second
  /// read-modify-write.
  bool audio_reclaimable = false;
  bool network_reclaimable = false;
  bool general_reclaimable = false;
  /// The place of a pool that is not reclaimable.
  Place audio_place{};
  Place network_place{};
  Place general_place{};

  /// Free bytes of the heap.
  PressureLimits free_heap{.warning = 40000, .critical = 20000, .hysteresis = 4000};
  /// The heap's largest free block, in bytes: below the critical one a TLS record of 16717 bytes fails.
  PressureLimits largest_block{.warning = 24576, .critical = 17408, .hysteresis = 2048};
  /// Bytes held in all pools, released ones included, in percent.
  PressureLimits occupancy{.warning = 95, .critical = 100, .hysteresis = 5};
  /// How long pressure must be lower before the level falls, and how long it must be normal before pools are
  /// reacquired.
  std::uint32_t pressure_calm_ms = 1000;
  std::uint32_t reacquire_after_ms = 5000;

  /// Bytes of the device's `StaticBuffer`s, which the budget counts: the I2S read buffer.
  std::size_t static_buffer_bytes = 4096 * sizeof(std::int32_t);
  /// Bytes of RAM that the application may use: the limit of all, including the pools in `more`.
  std::size_t available_ram = std::size_t{200} * 1024;
  /// Bytes of RAM on the chip, and the percentage of it that ADR-002 allows for its own pools, the static
  /// buffers and the side tables. The pools in `more` are not part of the ADR, so this limit excludes them.
  std::size_t total_ram = std::size_t{520} * 1024;
  std::size_t max_share_percent = 20;

  /// The limits of a pool: its units, the bytes of a block, and the granules of a run; of the fallback's
  /// blocks; and of the bytes of a fence.
  static constexpr std::size_t max_blocks = 1024;
  static constexpr std::size_t max_block_bytes = (std::size_t{1} << 24U) - 1;
  static constexpr std::size_t max_run = 32;
  static constexpr std::size_t max_fallback_records = 32;
  static constexpr std::size_t max_fence = 512;

  /// Every pool by its row, those that are reclaimable with their place in the heap.
  constexpr PoolTable pools() const {
    const auto place = [](bool reclaimable, const Place& otherwise) {
      return reclaimable ? Place::heap(otherwise.capability) : otherwise;
    };
    return {{{"audio", PoolKind::blocks, audio_buffer_pool_size, audio_block_size, audio_reserve,
              place(audio_reclaimable, audio_place)},
             {"network", PoolKind::blocks, network_buffer_pool_size, network_block_size, network_reserve,
              place(network_reclaimable, network_place)},
             {"general", PoolKind::runs, general_buffer_pool_size, general_block_size, general_reserve,
              place(general_reclaimable, general_place)},
             more[0],
             more[1],
             more[2],
             more[3],
             more[4]}};
  }

  /// The number of rows up to the last pool: ADR-002's rows, and those of `more` up to the last with a name
  /// or blocks.
  constexpr std::size_t poolCount() const {
    std::size_t count = max_pools;
    const PoolTable table = pools();
    while (count > adr_pools && table[count - 1].name.empty() && table[count - 1].blocks == 0) --count;
    return count;
  }

  /// The id of the pool with that name; `PoolId::none` if there is no such pool. See `id`.
  constexpr PoolId find(const PoolName& name) const {
    const PoolTable table = pools();
    for (std::size_t row = 0; row < poolCount(); ++row) {
      if (table[row].name == name) return poolIdOf(row);
    }
    return PoolId::none;
  }
  /// As `find`, at compile time: an unknown name does not compile.
  consteval PoolId id(const PoolName& name) const {
    const PoolId found = find(name);
    if (found == PoolId::none) noPoolHasThisName();
    return found;
  }

  /// What `Pressure` needs of the configuration.
  constexpr PressureSetup pressure() const {
    return {free_heap, largest_block, occupancy, pressure_calm_ms, reacquire_after_ms};
  }

  /// Whether the memory of any pool comes from the heap.
  constexpr bool hasReclaimable() const {
    for (const PoolSpec& pool : pools()) {
      if (pool.isReclaimable()) return true;
    }
    return false;
  }

  /// Bytes of the fence before the first block and after each block: see `Guards::fenced`. 0 below that tier.
  constexpr std::size_t fence() const { return guards < Guards::fenced ? 0 : alignment; }
  /// Bytes from one block to the next. Runs contain their fence.
  constexpr std::size_t stride(const PoolSpec& pool) const {
    return pool.block_size + (pool.isRuns() ? 0 : fence());
  }
  /// Bytes of a pool after its first fence.
  constexpr std::size_t span(const PoolSpec& pool) const { return pool.blocks * stride(pool); }
  /// Bytes of memory that a pool needs outside the manager.
  constexpr std::size_t regionBytes(const PoolSpec& pool) const {
    return pool.blocks == 0 ? 0 : span(pool) + fence();
  }

  /// Bytes of the blocks whose RAM the budget counts: blocks in the manager, and reclaimable ones.
  constexpr std::size_t poolBytes() const {
    std::size_t bytes = 0;
    for (const PoolSpec& pool : pools()) {
      if (isCounted(pool)) bytes += pool.bytes();
    }
    return bytes;
  }
  /// Bytes of the blocks in separate arrays and in handed-over memory: counted separately, in any kind of
  /// memory.
  constexpr std::size_t placedBytes() const {
    std::size_t bytes = 0;
    for (const PoolSpec& pool : pools()) bytes += pool.bytes();
    return bytes - poolBytes();
  }
  /// Bytes of the manager's own memory for blocks: one fence, and the pools in the manager, each with its
  /// fences.
  constexpr std::size_t arenaBytes() const {
    std::size_t bytes = fence();
    for (const PoolSpec& pool : pools()) {
      if (pool.place.kind == Place::Kind::manager) bytes += span(pool);
    }
    return bytes;
  }
  /// Bytes of the fences of blocks in the manager and in reclaimable pools.
  constexpr std::size_t fenceBytes() const {
    std::size_t bytes = arenaBytes() - poolBytes();
    for (const PoolSpec& pool : pools()) {
      if (pool.isReclaimable()) bytes += regionBytes(pool);
    }
    return bytes;
  }

  /// Bytes of the largest request that any pool could ever serve.
  constexpr std::size_t largestRequest() const {
    std::size_t largest = 0;
    for (const PoolSpec& pool : pools()) {
      const std::size_t units = !pool.isRuns() ? 1 : pool.blocks < max_run ? pool.blocks : max_run;
      const std::size_t bytes =
          pool.blocks == 0 ? 0 : units * pool.block_size - (pool.isRuns() ? fence() : 0);
      if (largest < bytes) largest = bytes;
    }
    return largest;
  }

  /// Blocks and granules of all pools.
  constexpr std::size_t blocks() const {
    std::size_t blocks = 0;
    for (const PoolSpec& pool : pools()) blocks += pool.blocks;
    return blocks;
  }

  /// Returns: the error in the pools themselves, regardless of RAM.
  constexpr ConfigError check() const {
    std::uint64_t bytes = 0;
    const PoolTable table = pools();
    for (std::size_t row = 0; row < poolCount(); ++row) {
      const ConfigError error = checkPool(table[row]);
      if (error != ConfigError::none) return error;
      bytes += std::uint64_t{table[row].blocks} * stride(table[row]) + 2 * fence();
    }
    if (bytes > UINT32_MAX) return ConfigError::pool_too_large;
    if (max_heap_blocks == 0 || max_heap_blocks > max_fallback_records) return ConfigError::heap_records;
    if (max_heap_allocation > max_block_bytes) return ConfigError::heap_limit;
    const ConfigError error = checkNamesAndPlaces(table);
    return error != ConfigError::none ? error : checkPressure();
  }

  /// Returns: the error in the thresholds of pressure.
  constexpr ConfigError checkPressure() const {
    const bool ordered = free_heap.critical < free_heap.warning &&
                         largest_block.critical < largest_block.warning &&
                         occupancy.warning < occupancy.critical && occupancy.critical <= 100;
    if (!ordered) return ConfigError::thresholds_out_of_order;
    const auto falls = [](const PressureLimits& limits) {
      return limits.hysteresis <= limits.warning - limits.critical &&
             limits.hysteresis <= SIZE_MAX - limits.warning;
    };
    const bool narrow = falls(free_heap) && falls(largest_block) &&
                        occupancy.hysteresis <= occupancy.critical - occupancy.warning &&
                        occupancy.hysteresis < occupancy.warning;
    return narrow ? ConfigError::none : ConfigError::hysteresis_too_wide;
  }

  /// Returns: how a valid configuration with `overhead` bytes of side tables exceeds the RAM budget.
  constexpr ConfigError checkBudget(std::size_t overhead) const {
    if (static_buffer_bytes > available_ram) return ConfigError::ram_exceeded;  // else the sum might wrap
    const std::uint64_t bytes = std::uint64_t{poolBytes()} + static_buffer_bytes + overhead;
    if (bytes > available_ram) return ConfigError::ram_exceeded;
    std::uint64_t beyond = 0;
    const PoolTable table = pools();
    for (std::size_t row = adr_pools; row < max_pools; ++row) {
      if (isCounted(table[row])) beyond += table[row].bytes();
    }
    if ((bytes - beyond) * 100 > std::uint64_t{total_ram} * max_share_percent)
      return ConfigError::share_exceeded;
    return ConfigError::none;
  }

 private:
  static constexpr bool isCounted(const PoolSpec& pool) {
    return pool.place.kind == Place::Kind::manager || pool.isReclaimable();
  }
  // Not `constexpr`, so that the compiler names this function in its error if `id` is called with an unknown
  // name.
  static void noPoolHasThisName() {}

  constexpr ConfigError checkPool(const PoolSpec& pool) const {
    if (pool.blocks > max_blocks) return ConfigError::too_many_blocks;
    const bool aligned =
        std::has_single_bit(alignment) && alignment >= least_alignment && pool.block_size % alignment == 0;
    if (!aligned || (pool.block_size == 0 && pool.blocks != 0)) return ConfigError::misaligned_block;
    if (pool.blocks == 0) return pool.reserve != 0 ? ConfigError::reserve_too_large : ConfigError::none;
    if (pool.block_size > UINT32_MAX / pool.blocks) return ConfigError::pool_too_large;
    if (pool.block_size > max_block_bytes) return ConfigError::block_too_large;
    if (pool.reserve >= pool.blocks) return ConfigError::reserve_too_large;
    if (fence() > max_fence) return ConfigError::fence_too_wide;
    if (!pool.isRuns()) return ConfigError::none;
    const std::size_t longest_run = pool.blocks < max_run ? pool.blocks : max_run;
    if (pool.block_size * longest_run > max_block_bytes) return ConfigError::block_too_large;
    if (!std::has_single_bit(pool.block_size)) return ConfigError::granule_not_power_of_two;
    return pool.block_size <= fence() ? ConfigError::fence_too_wide : ConfigError::none;
  }

  constexpr ConfigError checkNamesAndPlaces(const PoolTable& table) const {
    for (std::size_t row = 0; row < poolCount(); ++row) {
      const PoolSpec& pool = table[row];
      if (pool.name.empty()) return ConfigError::unnamed_pool;
      if (pool.name == PoolName("heap")) return ConfigError::duplicate_name;
      const bool in_array = pool.place.kind == Place::Kind::array;
      if (in_array && (pool.place.memory == nullptr || pool.place.bytes < regionBytes(pool)))
        return ConfigError::place_too_small;
      for (std::size_t before = 0; before < row; ++before) {
        if (table[before].name == pool.name) return ConfigError::duplicate_name;
        if (in_array && table[before].place.memory == pool.place.memory) return ConfigError::place_used_twice;
      }
    }
    return ConfigError::none;
  }
};

}  // namespace millpond
