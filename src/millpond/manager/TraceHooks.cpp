// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a manager records: see `TraceStream`.
#include "millpond/manager/ManagerCore.h"

namespace millpond {

#if CONFIG_MILLPOND_TRACE_RECORDS != 0

void* ManagerCore::recordTaken(void* block, const ManagerCore& core, const Ledger::Entry& entry,
                               std::uint32_t place) {
  TraceRings& rings = traceRings();
  // The count of owners, 1, is where the bit of the task is to be.
  if (rings.takes(&core)) {
    rings.put(place, entry.holding.solePacked() - TraceRings::taskBit(Port::inInterrupt()),
              entry.source.load());
  }
  return block;
}

bool ManagerCore::recordFreed(PoolState& pool, std::uint32_t place, const char* source) const {
  TraceRings& rings = traceRings();
  if (rings.takes(this)) rings.put(place, TraceRings::taskBit(!Port::inInterrupt()), source);
  if (!pool.waiting.empty()) [[unlikely]]
    pool.wakeFirst();
  return true;
}

void ManagerCore::recordRare(About<TraceKind> what, std::uint32_t block, std::size_t size,
                             const char* source) const {
  TraceRings& rings = traceRings();
  if (!rings.takes(this)) return;
  const bool has_row = rowOf(what.pool()) < max_pools;
  rings.putWithSource(tracePlace(what.what(), has_row ? what.pool() : PoolId::audio, block), size, source);
}

#endif

}  // namespace millpond
