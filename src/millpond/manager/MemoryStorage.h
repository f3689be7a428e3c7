// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/MemoryConfig.h"
#include "millpond/account/HeapFallback.h"
#include "millpond/account/Ledger.h"
#include "millpond/guard/Quarantine.h"
#include "millpond/manager/ManagerSetup.h"
#include "millpond/manager/PoolState.h"

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
  static_assert(
      error != ConfigError::granule_not_power_of_two,
      "Millpond: a granule, general_block_size or the block_size of a pool of runs, must be a power of two");
  static_assert(
      error != ConfigError::fence_too_wide,
      "Millpond: with Guards::fenced or full `alignment` must be at most 512, and a granule larger than the "
      "fence, which is `alignment` bytes");
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

}  // namespace millpond
