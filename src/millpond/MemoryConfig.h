// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "millpond/BlockPool.h"
#include "millpond/GuardSteps.h"
#include "millpond/HeapFallback.h"
#include "millpond/Holding.h"
#include "millpond/RunPool.h"

namespace millpond {

/// The typed pools, in the order of their memory.
enum class PoolId : std::uint8_t { audio, network, general, heap };

/// The pools that have blocks of their own: all but the heap.
inline constexpr std::size_t typed_pools = 3;

/// The name of each pool in reports, by `PoolId`.
inline constexpr std::array<const char*, typed_pools + 1> pool_names{"audio", "network", "general", "heap"};

constexpr const char* poolName(PoolId id) { return pool_names[static_cast<std::size_t>(id)]; }

/// One row of the pool table.
struct PoolSpec {
  std::size_t blocks;
  std::size_t block_size;
  std::size_t reserve;
  bool reclaimable;

  constexpr std::size_t bytes() const { return blocks * block_size; }
};

/// The typed pools by `PoolId`: storage, set-up (`MemoryConfig::setup`) and checks all follow it.
using PoolTable = std::array<PoolSpec, typed_pools>;

/// What a pool is made from, best computed at compile time.
struct PoolSetup {
  BlockGeometry::Shape shape;
  const PoolKind* kind;
  /// What the peak of a pool of runs in one word begins with; 0 in any other.
  std::uint32_t nothing_held;
  std::uint16_t state_words;
  std::uint16_t reserve;

  /// Of a pool whose units are `BlockPool`'s or `RunPool`'s.
  template <class Units>
  static constexpr PoolSetup of(const PoolSpec& pool, Guards guards, std::size_t fence) {
    const PoolTraits traits = Units::traitsOf(pool.blocks, pool.reserve)
                                  .with(PoolTraits::watched, guards != Guards::none)
                                  .with(PoolTraits::claimed, pool.reclaimable || guards >= Guards::fenced)
                                  .with(PoolTraits::poisoned, guards == Guards::full)
                                  .with(PoolTraits::reclaimable, pool.reclaimable)
                                  .withFence(fence);
    const std::size_t stride = pool.block_size + (traits.has(PoolTraits::runs) ? 0 : fence);
    const bool few_runs = traits.has(PoolTraits::runs) && !traits.has(PoolTraits::many) && pool.blocks != 0;
    return {{stride, pool.blocks, traits.bits()},
            traits.has(PoolTraits::many) ? &Units::many : &Units::few,
            few_runs ? bits::ones(pool.blocks) : 0,
            static_cast<std::uint16_t>(Units::stateWords(pool.blocks, pool.reserve)),
            static_cast<std::uint16_t>(pool.reserve)};
  }
};

/// What a memory manager is made from.
struct ManagerSetup {
  std::array<PoolSetup, typed_pools> pools;
  /// What the guards do; nullptr where every free is a plain one.
  const GuardSteps* guard;
  /// Bytes: see `MemoryConfig::fence`.
  std::size_t fence;
  HeapFallback::Setup heap;
  std::size_t static_buffer_bytes;
};

/// Where pressure begins. For what runs out (free bytes) critical lies below warning, for what fills up
/// (percent in use) above it. A level is left again only `hysteresis` on the safe side of where it began: so
/// far it must be possible to get, and not farther than warning and critical are apart.
struct PressureLimits {
  std::size_t warning;
  std::size_t critical;
  std::size_t hysteresis;
};

/// What `Pressure` goes by: see `MemoryConfig`.
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
  no_blocks,
  too_many_blocks,
  misaligned_block,
  granule_not_power_of_two,
  pool_too_large,
  heap_records,
  heap_limit,
  fence_too_wide,
  block_too_large,
  reserve_too_large,
  thresholds_out_of_order,
  hysteresis_too_wide,
  ram_exceeded,
  share_exceeded,
};

/// Every size the memory manager has, fixed at compile time. The defaults are ADR-002's.
struct MemoryConfig {
  /// Blocks of the audio pool, 1 to 1024.
  std::size_t audio_buffer_pool_size = 4;
  /// Blocks of the network pool, 1 to 1024.
  std::size_t network_buffer_pool_size = 2;
  /// Granules of the general pool, 1 to 1024.
  std::size_t general_buffer_pool_size = 8;
  /// Bytes that may be outstanding in the heap fallback at once.
  std::size_t max_heap_allocation = 65536;

  /// Bytes a block; a positive multiple of `alignment`.
  std::size_t audio_block_size = 4096;
  std::size_t network_block_size = 20480;
  /// Bytes a granule; a power of two as well. A request takes a run of up to 32.
  std::size_t general_block_size = 512;

  /// Blocks that may be outstanding in the heap fallback at once, 1 to 32; 16 bytes of table each.
  std::size_t max_heap_blocks = 16;
  /// Of every block's start, in bytes; a power of two from `least_alignment`. It holds wherever the block
  /// comes from: the arena, a reclaimable pool's region of the heap, or the heap fallback.
  std::size_t alignment =
      least_alignment < alignof(std::max_align_t) ? alignof(std::max_align_t) : least_alignment;
  /// What 64-bit values need, and with them the events of an `EventBus`.
  static constexpr std::size_t least_alignment = 8;

  /// How closely the pools watch over their blocks. From `Guards::fenced` on each block has a fence beside
  /// it (`fence` and `fenceBytes`), so `alignment` is at most 512 and less than `general_block_size`.
  Guards guards = Guards::light;

  /// The last blocks (granules) of each pool, kept for interrupts and callers with `Access::reserved`; in a
  /// pool of more than 32, but for those that several ordinary callers take in the same instant.
  std::size_t audio_reserve = 0;
  std::size_t network_reserve = 0;
  std::size_t general_reserve = 0;

  /// Whether a pool's memory is a region of the heap, given back in an emergency while nobody uses it. A free
  /// then takes a second read-modify-write.
  bool audio_reclaimable = false;
  bool network_reclaimable = false;
  bool general_reclaimable = false;

  /// Free bytes of the heap.
  PressureLimits free_heap{.warning = 40000, .critical = 20000, .hysteresis = 4000};
  /// The heap's largest free block, in bytes: below the critical one a TLS record of 16717 bytes fails.
  PressureLimits largest_block{.warning = 24576, .critical = 17408, .hysteresis = 2048};
  /// Bytes held of all pools, released ones included, in percent.
  PressureLimits occupancy{.warning = 95, .critical = 100, .hysteresis = 5};
  /// How long pressure must be lower before the level falls, and normal before pools are taken again.
  std::uint32_t pressure_calm_ms = 1000;
  std::uint32_t reacquire_after_ms = 5000;

  /// Bytes of the device's `StaticBuffer`s, which the budget counts: the I2S read buffer.
  std::size_t static_buffer_bytes = 4096 * sizeof(std::int32_t);
  /// Bytes of RAM that the application may use, and that the chip has.
  std::size_t available_ram = std::size_t{200} * 1024;
  std::size_t total_ram = std::size_t{520} * 1024;
  /// The share of `total_ram` that may be taken, in percent.
  std::size_t max_share_percent = 20;

  constexpr PoolTable pools() const {
    return {{{audio_buffer_pool_size, audio_block_size, audio_reserve, audio_reclaimable},
             {network_buffer_pool_size, network_block_size, network_reserve, network_reclaimable},
             {general_buffer_pool_size, general_block_size, general_reserve, general_reclaimable}}};
  }

  constexpr ManagerSetup setup() const {
    const PoolTable table = pools();
    return {{PoolSetup::of<BlockPool>(table[0], guards, fence()),
             PoolSetup::of<BlockPool>(table[1], guards, fence()),
             PoolSetup::of<RunPool>(table[2], guards, fence())},
            guardSteps(),
            fence(),
            {static_cast<std::uint32_t>(max_heap_blocks), static_cast<std::uint32_t>(max_heap_allocation),
             static_cast<std::uint32_t>(alignment)},
            static_buffer_bytes};
  }

  constexpr PressureSetup pressure() const {
    return {free_heap, largest_block, occupancy, pressure_calm_ms, reacquire_after_ms};
  }

  constexpr bool hasReclaimable() const {
    return audio_reclaimable || network_reclaimable || general_reclaimable;
  }

  /// Bytes of the fence before the first block and behind each: see `Guards::fenced`. 0 below that tier.
  constexpr std::size_t fence() const { return guards < Guards::fenced ? 0 : alignment; }
  static_assert(least_alignment >= PoolTraits::min_fence);

  /// Bytes of all blocks.
  constexpr std::size_t poolBytes() const {
    std::size_t bytes = 0;
    for (const PoolSpec& pool : pools()) bytes += pool.bytes();
    return bytes;
  }
  /// Bytes of the fences beside them: one before all, one for each fixed block, and one before each
  /// reclaimable pool. Those of the general pool's runs lie inside.
  constexpr std::size_t fenceBytes() const {
    const std::size_t regions = 0U + audio_reclaimable + network_reclaimable + general_reclaimable;
    return fence() * (1 + audio_buffer_pool_size + network_buffer_pool_size + regions);
  }
  /// Bytes of blocks and fences but for the pools that are reclaimable.
  constexpr std::size_t arenaBytes() const {
    std::size_t bytes = poolBytes() + fenceBytes();
    if (audio_reclaimable) bytes -= audio_buffer_pool_size * (audio_block_size + fence()) + fence();
    if (network_reclaimable) bytes -= network_buffer_pool_size * (network_block_size + fence()) + fence();
    if (general_reclaimable) bytes -= general_buffer_pool_size * general_block_size + fence();
    return bytes;
  }

  constexpr std::size_t blocks() const {
    std::size_t blocks = 0;
    for (const PoolSpec& pool : pools()) blocks += pool.blocks;
    return blocks;
  }

  /// Words of state of all pools.
  constexpr std::size_t stateWords() const {
    std::size_t words = 0;
    for (const PoolSetup& pool : setup().pools) words += pool.state_words;
    return words;
  }

  /// Returns: what is wrong with the pools themselves, whatever the RAM.
  constexpr ConfigError check() const {
    std::uint64_t bytes = fenceBytes();
    for (const PoolSpec& pool : pools()) {
      if (pool.blocks == 0) return ConfigError::no_blocks;
      if (pool.blocks > BlockPool::max_blocks) return ConfigError::too_many_blocks;
      const bool aligned =
          std::has_single_bit(alignment) && alignment >= least_alignment && pool.block_size % alignment == 0;
      if (pool.block_size == 0 || !aligned) return ConfigError::misaligned_block;
      if (pool.block_size > UINT32_MAX / pool.blocks) return ConfigError::pool_too_large;
      if (pool.block_size > Holding::max_size) return ConfigError::block_too_large;
      if (pool.reserve >= pool.blocks) return ConfigError::reserve_too_large;
      bytes += std::uint64_t{pool.blocks} * pool.block_size;
    }
    const std::size_t longest_run = general_buffer_pool_size < 32 ? general_buffer_pool_size : 32;
    if (general_block_size * longest_run > Holding::max_size) return ConfigError::block_too_large;
    if (bytes > UINT32_MAX) return ConfigError::pool_too_large;
    if (!std::has_single_bit(general_block_size)) return ConfigError::granule_not_power_of_two;
    if (fence() > PoolTraits::max_fence || general_block_size <= fence()) return ConfigError::fence_too_wide;
    if (max_heap_blocks == 0 || max_heap_blocks > HeapFallback::max_records) return ConfigError::heap_records;
    if (max_heap_allocation > Holding::max_size) return ConfigError::heap_limit;
    return checkPressure();
  }

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

  /// Returns: how a correct configuration with `overhead` bytes of side tables breaks the RAM budget.
  constexpr ConfigError checkBudget(std::size_t overhead) const {
    if (static_buffer_bytes > available_ram) return ConfigError::ram_exceeded;  // else the sum might wrap
    const std::uint64_t bytes = std::uint64_t{poolBytes()} + static_buffer_bytes + overhead;
    if (bytes > available_ram) return ConfigError::ram_exceeded;
    if (bytes * 100 > std::uint64_t{total_ram} * max_share_percent) return ConfigError::share_exceeded;
    return ConfigError::none;
  }

 private:
  constexpr const GuardSteps* guardSteps() const {
    if (guards == Guards::full) return &GuardSteps::full;
    if (guards == Guards::fenced) return &GuardSteps::fenced;
    if (guards == Guards::light) return &GuardSteps::light;
    return hasReclaimable() ? &GuardSteps::claims : nullptr;
  }
};

}  // namespace millpond
