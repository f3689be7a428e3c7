// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>

#include "millpond/MemoryManager.h"

namespace millpond {

/// The memory of a `StaticMemoryManager`: the blocks of all pools and the side tables beside them.
template <MemoryConfig config>
struct MemoryStorage {
  static constexpr ConfigError error = config.check();
  static_assert(error != ConfigError::no_blocks, "Millpond: every pool needs at least one block");
  static_assert(error != ConfigError::too_many_blocks, "Millpond: a pool has at most 1024 blocks");
  static_assert(
      error != ConfigError::misaligned_block,
      "Millpond: every block size must be a positive multiple of `alignment`, a power of two from 8");
  static_assert(
      error != ConfigError::pool_too_large,
      "Millpond: a pool, which is blocks x block size, must stay below 4 GiB, and so must all together");
  static_assert(error != ConfigError::granule_not_power_of_two,
                "Millpond: general_block_size must be a power of two");
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
  static_assert(
      error != ConfigError::thresholds_out_of_order,
      "Millpond: pressure thresholds are out of order: for free_heap and largest_block critical lies "
      "below warning, for occupancy above it and at most at 100 percent");
  static_assert(error != ConfigError::hysteresis_too_wide,
                "Millpond: a pressure hysteresis must not be wider than warning and critical are apart, and "
                "must leave values at which warning ends");

  // A configuration refused above gets tables of one element, so that its message is the only one.
  static constexpr bool valid = error == ConfigError::none;

  std::array<Word, valid ? config.stateWords() : 1> state;
  std::array<Ledger::Entry, valid ? config.blocks() : 1> entries;
  std::array<HeapFallback::Record, valid ? config.max_heap_blocks : 1> records;
  [[no_unique_address]] QuarantineFor<config.guards> quarantine;
  alignas(valid ? config.alignment : 1)
      std::array<std::byte, (valid && config.arenaBytes() != 0) ? config.arenaBytes() : 1> memory;
};

/// A `MemoryManager` with all its memory inside: declare one with static storage.
///
/// Its exact RAM is known to the compiler, and a configuration that needs more than
/// `MemoryConfig::available_ram`, or more than `max_share_percent` of `total_ram`, does not compile.
///
///     static millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 6}> memory;
template <MemoryConfig config = MemoryConfig{}>
class StaticMemoryManager : MemoryStorage<config>, public MemoryManager {
 public:
  /// Effect: a manager of free pools; the reclaimable ones take their memory from `heap`, as far as it has
  /// any. `heap` lies behind them and must outlive the manager. Context: task.
  explicit StaticMemoryManager(const Heap& heap = platform_heap)
      : MemoryManager(manager_setup,
                      {this->memory.data() + config.fence(), this->state.data(), this->entries.data(),
                       this->records.data(), quarantineIn(this->quarantine)},
                      heap) {
    if constexpr (config.hasReclaimable()) this->reacquirePools();
  }
  ~StaticMemoryManager() {
    if constexpr (config.hasReclaimable()) this->abandonPools();
  }
  explicit StaticMemoryManager(const Heap&&) = delete;  // it must outlive the manager

  /// What `Pressure` goes by here.
  static constexpr const PressureSetup& pressureSetup() { return pressure_setup; }

  /// Bytes of the pools' blocks, reclaimable ones included.
  static constexpr std::size_t poolBytes() { return config.poolBytes(); }
  /// Bytes of the pools and of the static buffers: the figure of ADR-002's table.
  static constexpr std::size_t budgetBytes() { return poolBytes() + config.static_buffer_bytes; }
  /// Bytes of everything beside the blocks and the static buffers, fences included.
  static constexpr std::size_t overheadBytes() {
    return sizeof(StaticMemoryManager) - config.arenaBytes() + config.fenceBytes();
  }
  /// The exact RAM of it all.
  static constexpr std::size_t totalBytes() { return budgetBytes() + overheadBytes(); }
  /// `budgetBytes()` as a share of `MemoryConfig::available_ram`, in percent.
  static constexpr std::size_t budgetPercent() { return budgetBytes() * 100 / config.available_ram; }

 private:
  static constexpr ManagerSetup manager_setup = config.setup();
  static constexpr PressureSetup pressure_setup = config.pressure();
  // Of the whole object, which is not complete here: rounded up to its alignment, a power of two.
  static constexpr std::size_t last = alignof(MemoryStorage<config>) - 1;
  static constexpr std::size_t object_bytes =
      (sizeof(MemoryStorage<config>) + sizeof(MemoryManager) + last) & ~last;
  static constexpr ConfigError budget_error =
      config.checkBudget(object_bytes - config.arenaBytes() + config.fenceBytes());
  static_assert(budget_error != ConfigError::ram_exceeded,
                "Millpond: pools, static buffers and side tables need more RAM than available_ram");
  static_assert(
      budget_error != ConfigError::share_exceeded,
      "Millpond: pools, static buffers and side tables take more than max_share_percent of total_ram");
};

}  // namespace millpond
