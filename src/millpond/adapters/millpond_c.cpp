// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/millpond_c.h"

#include <array>
#include <cstdint>
#include <span>

#include "millpond/Hot.h"
#include "millpond/adapters/CJson.h"
#include "millpond/adapters/CManager.h"
#include "millpond/adapters/LwIp.h"
#include "millpond/adapters/MbedTls.h"

namespace millpond {
namespace {

static_assert(MILLPOND_NONE == rowOf(PoolId::none) && MILLPOND_HEAP == rowOf(PoolId::heap));
static_assert(MILLPOND_MAX_POOLS == max_pools && MILLPOND_FOREVER == MemoryManager::wait_forever);
// A field that one has and the other lacks.
static_assert(sizeof(millpond_pool_stats) == sizeof(PoolStats));
static_assert(sizeof(millpond_source_stats) == sizeof(SourceStats));

MILLPOND_INLINE PoolId poolOf(millpond_pool pool) { return static_cast<PoolId>(pool); }

millpond_pool_stats figuresOf(const PoolStats& pool) {
  return {pool.name,
          pool.block_size,
          pool.capacity,
          pool.released,
          pool.in_use,
          pool.peak,
          pool.allocations,
          pool.frees,
          pool.exhausted,
          pool.oversize,
          pool.fallbacks,
          pool.rejected,
          pool.largest_request,
          pool.largest_refused,
          pool.waiting,
          pool.bytes_requested,
          pool.bytes_granted};
}

// Returns: nullptr for a library that is none.
LibraryMemory* memoryOf(millpond_library library) {
  if (library == MILLPOND_MBEDTLS) return &mbedtls_memory;
  if (library == MILLPOND_CJSON) return &cjson_memory;
  return library == MILLPOND_LWIP ? &lwip_memory : nullptr;
}

}  // namespace

extern "C" {

MILLPOND_HOT void* millpond_allocate(millpond_manager* manager, millpond_pool pool, size_t size,
                                     const char* source) {
  return fromC(manager).allocate(poolOf(pool), size, source);
}

MILLPOND_HOT void* millpond_allocate_pool_only(millpond_manager* manager, millpond_pool pool, size_t size,
                                               const char* source) {
  return fromC(manager).allocatePoolOnly(poolOf(pool), size, source);
}

MILLPOND_HOT void* millpond_allocate_by(millpond_manager* manager, millpond_pool pool, size_t size,
                                        const char* source, millpond_terms terms) {
  const Access access = terms.reserved ? Access::reserved : Access::ordinary;
  return terms.pool_only
             ? fromC(manager).allocatePoolOnly(poolOf(pool), size, source, terms.timeout_ms, access)
             : fromC(manager).allocate(poolOf(pool), size, source, terms.timeout_ms, access);
}

MILLPOND_HOT void millpond_free(millpond_manager* manager, void* block) { fromC(manager).deallocate(block); }
MILLPOND_HOT bool millpond_try_free(millpond_manager* manager, void* block) {
  return fromC(manager).tryDeallocate(block);
}
size_t millpond_release_freed(millpond_manager* manager) { return fromC(manager).releaseFreed(); }

MILLPOND_HOT bool millpond_owns(const millpond_manager* manager, const void* block) {
  return fromC(manager).owns(block);
}
MILLPOND_HOT size_t millpond_usable_size(const millpond_manager* manager, const void* block) {
  return fromC(manager).usableSize(block);
}
MILLPOND_HOT millpond_pool millpond_pool_of(const millpond_manager* manager, const void* block) {
  return static_cast<millpond_pool>(fromC(manager).poolOf(block));
}
millpond_pool millpond_find(const millpond_manager* manager, const char* name) {
  return static_cast<millpond_pool>(name != nullptr ? fromC(manager).find(name) : PoolId::none);
}
const char* millpond_name_of(const millpond_manager* manager, millpond_pool pool) {
  return fromC(manager).nameOf(poolOf(pool));
}
size_t millpond_free_in(const millpond_manager* manager, millpond_pool pool) {
  return fromC(manager).freeIn(poolOf(pool));
}
size_t millpond_waiting_for(const millpond_manager* manager, millpond_pool pool) {
  return fromC(manager).waitingFor(poolOf(pool));
}
size_t millpond_alignment(const millpond_manager* manager) { return fromC(manager).alignment(); }

void millpond_get_stats(const millpond_manager* manager, millpond_stats* out) {
  if (out == nullptr) return;
  const MemoryStats stats = fromC(manager).stats();
  *out = {};
  for (std::size_t row = 0; row < stats.pools; ++row) out->pool[row] = figuresOf(stats.pool(poolIdOf(row)));
  out->heap = figuresOf(stats.heap);
  out->pools = stats.pools;
  out->invalid_requests = stats.invalid_requests;
  out->guard_violations = stats.guard_violations;
  out->static_bytes = stats.static_bytes;
  out->static_budget = stats.static_budget;
}
void millpond_reset_peaks(millpond_manager* manager) { fromC(manager).resetPeaks(); }

millpond_occupancy millpond_get_occupancy(const millpond_manager* manager) {
  const Occupancy occupancy = fromC(manager).occupancy();
  return {occupancy.held, occupancy.total};
}

size_t millpond_visit_blocks(const millpond_manager* manager, uint64_t older_than_ms,
                             void (*visit)(void* context, const millpond_live_block* block), void* context) {
  std::size_t visited = 0;
  for (const LiveBlock& block : fromC(manager).leaks(older_than_ms)) {
    const millpond_live_block seen {
      block.address, block.source, block.size, block.granted, block.age_ms, block.index,
          static_cast<millpond_pool>(block.pool),
#if CONFIG_MILLPOND_TASK_NAMES
          block.task.text()
#endif
    };
    if (visit != nullptr) visit(context, &seen);
    ++visited;
  }
  return visited;
}

size_t millpond_visit_sources(const millpond_manager* manager,
                              void (*visit)(void* context, const millpond_source_stats* row), void* context) {
  std::array<SourceStats, 16> rows;
  const std::size_t count = fromC(manager).statsBySource(rows);
  for (const SourceStats& row : std::span(rows).first(count)) {
    const millpond_source_stats seen{row.source, row.blocks, row.bytes_requested, row.bytes_granted,
                                     row.oldest_ms};
    if (visit != nullptr) visit(context, &seen);
  }
  return count;
}

size_t millpond_max_request(const millpond_manager* manager, millpond_pool pool) {
  return fromC(manager).maxRequest(poolOf(pool));
}

millpond_what_if millpond_get_what_if(const millpond_manager* manager, millpond_pool pool, size_t blocks) {
  const WhatIf what_if = fromC(manager).whatIf(poolOf(pool), blocks);
  return {what_if.refused, static_cast<uint8_t>(what_if.basis)};
}
uint64_t millpond_served_by(const millpond_manager* manager, millpond_pool pool, size_t index) {
  return fromC(manager).servedBy(poolOf(pool), index);
}

uint32_t millpond_validate(millpond_manager* manager, uint32_t budget) {
  return fromC(manager).validate(budget);
}

bool millpond_hand_over(millpond_manager* manager, millpond_pool pool, void* memory, size_t bytes) {
  const std::span<std::byte> region(static_cast<std::byte*>(memory), memory != nullptr ? bytes : 0);
  return fromC(manager).handOver(poolOf(pool), region) == HandOver::accepted;
}
size_t millpond_release_idle_pools(millpond_manager* manager) { return fromC(manager).releaseIdlePools(); }
size_t millpond_reacquire_pools(millpond_manager* manager, size_t keep_free) {
  return fromC(manager).reacquirePools(keep_free);
}

bool millpond_bind(millpond_manager* manager, millpond_library library, const millpond_pool* pools,
                   size_t count, const char* source, bool heap) {
  LibraryPools wanted{.pools = {}, .source = source, .heap = heap};
  LibraryMemory* const memory = memoryOf(library);
  if (memory == nullptr || pools == nullptr || count > PoolList::capacity) return false;
  for (; wanted.pools.count < count; ++wanted.pools.count) {
    wanted.pools.ids[wanted.pools.count] = poolOf(pools[wanted.pools.count]);
  }
  return memory->bind(fromC(manager), wanted) == Binding::accepted;
}
void millpond_unbind(millpond_library library) {
  if (LibraryMemory* const memory = memoryOf(library)) memory->unbind();
}

}  // extern "C"

}  // namespace millpond
