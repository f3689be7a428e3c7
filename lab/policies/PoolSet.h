// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "millpond/MemoryManager.h"
#include "millpond/trace/TraceEncoder.h"

namespace millpond::lab {

/// What a `PoolSet` works on; before it, because a manager wants its memory at construction.
struct PoolSetTables {
  explicit PoolSetTables(const MemoryConfig& sizes)
      : config(sizes),
        setup(config),
        pools(setup.manager.pool_count),
        state(stateWords(config)),
        entries(config.blocks()),
        records(config.max_heap_blocks) {}

  MemoryConfig config;
  ManagerSetupOf<max_pools> setup;
  std::vector<PoolState> pools;
  std::vector<Word> state;
  std::vector<Ledger::Entry> entries;
  std::vector<HeapFallback::Record> records;
};

/// The library's memory manager with pools whose sizes a scenario gives: a `StaticMemoryManager` has them
/// from the compiler. Nothing else differs, but that it has no quarantine.
class PoolSet : PoolSetTables, public MemoryManager {
 public:
  /// RAM that stands for the manager and its side tables, which the host keeps elsewhere: more than the 800
  /// bytes that they take for the default pools on a 32-bit device.
  static constexpr std::uint32_t side_bytes = 2048;

  /// Requires: `sizes.check()` is none and its guards are below fenced; `memory` of `sizes.arenaBytes()` and
  /// `heap` outlive the set.
  PoolSet(const MemoryConfig& sizes, std::byte* memory, const Heap& heap) : PoolSetTables(sizes) {
    const MemoryTables tables{pools.data(), memory, state.data(), entries.data(), records.data(), nullptr};
    setUp(setup.manager, tables, heap);
    for (std::size_t row = 0; row < pools.size(); ++row)
      pools[row].setUp({config, row}, setup.manager.guard, tables);
    reacquirePools();
  }
  ~PoolSet() { abandonPools(); }

  const MemoryConfig& configuration() const { return config; }

  /// Index of the block of `pool` that starts at `memory`; `none` if there is none.
  static constexpr std::uint32_t none = UINT32_MAX;
  std::uint32_t indexOf(PoolId pool, const void* memory) const {
    const BlockGeometry& blocks = pools[rowOf(pool)].geometry();
    const std::uintptr_t index = blocks.indexOf(memory);
    return index < blocks.count() ? static_cast<std::uint32_t>(index) : none;
  }

  /// Its pools as a trace names them.
  std::vector<TraceEncoder::Pool> rows() const {
    std::vector<TraceEncoder::Pool> rows;
    for (std::size_t row = 0; row < setup.manager.pool_count; ++row) {
      const PoolSpec spec = config.pools()[row];
      rows.push_back({setup.pools[row].name.text, spec.isRuns(), static_cast<std::uint16_t>(spec.blocks),
                      static_cast<std::uint32_t>(spec.block_size)});
    }
    return rows;
  }
};

}  // namespace millpond::lab
