// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Millpond for C11. One C++ file of the program defines the memory manager, with its sizes:
///
///     // memory.cpp
///     #include <millpond/adapters/CManager.h>
///     constexpr millpond::MemoryConfig config{.audio_buffer_pool_size = 6};
///     MILLPOND_C_MANAGER(device, config)
///
/// and every C file uses it by that name:
///
///     // capture.c
///     #include <millpond/adapters/millpond_c.h>
///     MILLPOND_C_DECLARE(device);
///     void* block = millpond_allocate(device(), MILLPOND_AUDIO, 4096, "capture");
///
/// `device()` may be called at any time: until the program's constructors have run the manager refuses every
/// request. A program may define several managers under several names; each refuses and counts the blocks of
/// the others. A name that is defined twice does not link.
///
/// Each call does what the call of the C++ headers does that it names; those headers are the manual for what
/// is counted, for costs and for contexts. Requires: no manager, bus, pressure or leak watch is NULL. Any
/// other pointer may be: the call is refused, and a walk without `visit` only counts. `source` is NULL or a
/// string that lives as long as the manager.

// NOLINTBEGIN(modernize-deprecated-headers): C reads this too
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
// NOLINTEND(modernize-deprecated-headers)

#include "millpond/port/BuildOptions.h"

#ifdef __cplusplus
extern "C" {
#define MILLPOND_C_FUNCTION extern "C"
#else
#define MILLPOND_C_FUNCTION extern
#endif

// NOLINTBEGIN(modernize-use-using): C has no aliases

/// A memory manager: `MemoryManager`.
typedef struct millpond_manager millpond_manager;
/// Declares the manager that `MILLPOND_C_MANAGER(name, ...)` defines.
#define MILLPOND_C_DECLARE(name) MILLPOND_C_FUNCTION millpond_manager* name(void)

/// The id of a pool: its row in the table of `MemoryConfig`. `millpond_find` gives it by name.
typedef uint8_t millpond_pool;
enum {
  MILLPOND_AUDIO = 0,
  MILLPOND_NETWORK = 1,
  MILLPOND_GENERAL = 2,
  MILLPOND_MAX_POOLS = 8,
  /// No pool of the manager.
  MILLPOND_NONE = 254,
  /// The heap fallback.
  MILLPOND_HEAP = 255,
};
/// Waits without limit.
#define MILLPOND_FOREVER UINT32_MAX

// Allocate

/// A block of the pool, else memory from the heap. Returns: NULL if there is neither. Context: any.
void* millpond_allocate(millpond_manager* manager, millpond_pool pool, size_t size, const char* source);
/// As above, never from the heap. Context: any.
void* millpond_allocate_pool_only(millpond_manager* manager, millpond_pool pool, size_t size,
                                  const char* source);

/// How a request is served beyond its pool, size and source. {0} is what `millpond_allocate` does.
typedef struct millpond_terms {
  /// How long to wait for a block, in milliseconds; 0: not at all. An interrupt never waits.
  uint32_t timeout_ms;
  /// Whether it may take the pool's reserve: `Access::reserved`.
  bool reserved;
  /// Never from the heap.
  bool pool_only;
} millpond_terms;
/// As `millpond_allocate`, by these terms. Context: any.
void* millpond_allocate_by(millpond_manager* manager, millpond_pool pool, size_t size, const char* source,
                           millpond_terms terms);

// Free

/// Gives a block back; nothing for NULL. A double free, or any pointer that is not the start of a held block,
/// changes nothing and is counted. Context: any.
void millpond_free(millpond_manager* manager, void* block);
/// As above. Returns: whether the free was accepted; true for NULL. Context: any.
bool millpond_try_free(millpond_manager* manager, void* block);
/// Gives the heap blocks that interrupts freed back to the heap. Returns: their bytes. Context: task.
size_t millpond_release_freed(millpond_manager* manager);

// Query

/// Whether a held block of this manager starts at `block`. Context: any.
bool millpond_owns(const millpond_manager* manager, const void* block);
/// The bytes that the holder of `block` may use; 0 if no held block starts there. Context: any.
size_t millpond_usable_size(const millpond_manager* manager, const void* block);
/// The pool of the block that starts there, MILLPOND_HEAP or MILLPOND_NONE. Context: any.
millpond_pool millpond_pool_of(const millpond_manager* manager, const void* block);
/// The pool with this name; MILLPOND_NONE if there is none. Context: any that reaches flash.
millpond_pool millpond_find(const millpond_manager* manager, const char* name);
/// The name of a pool, "heap", or "?". Context: any that reaches flash.
const char* millpond_name_of(const millpond_manager* manager, millpond_pool pool);
/// The free units of a pool; 0 if there is no such pool. Context: any that reaches flash.
size_t millpond_free_in(const millpond_manager* manager, millpond_pool pool);
/// The requests that wait for a pool. Context: any that reaches flash.
size_t millpond_waiting_for(const millpond_manager* manager, millpond_pool pool);
/// The largest request that the pool can serve; 0 if there is no such pool. Context: any that reaches flash.
size_t millpond_max_request(const millpond_manager* manager, millpond_pool pool);
/// The alignment of every block, in bytes. Context: any that reaches flash.
size_t millpond_alignment(const millpond_manager* manager);

/// What `largest_request` is unless `MemoryConfig::measure_requests` is set.
#define MILLPOND_NOT_MEASURED UINT32_MAX
/// The figures of one pool: `PoolStats`, field by field.
typedef struct millpond_pool_stats {
  const char* name;
  size_t block_size;
  size_t capacity;
  bool released;
  size_t in_use;
  size_t peak;
  uint64_t allocations;
  uint64_t frees;
  uint32_t exhausted;
  uint32_t oversize;
  uint32_t fallbacks;
  uint32_t rejected;
  uint32_t largest_request;
  uint32_t largest_refused;
  uint32_t waiting;
  size_t bytes_requested;
  size_t bytes_granted;
} millpond_pool_stats;

/// The figures of a manager: `MemoryStats`.
typedef struct millpond_stats {
  /// By id; those from `pools` on are empty.
  millpond_pool_stats pool[MILLPOND_MAX_POOLS];
  millpond_pool_stats heap;
  size_t pools;
  uint32_t invalid_requests;
  uint32_t guard_violations;
  size_t static_bytes;
  size_t static_budget;
} millpond_stats;
/// Fills `out` with every figure of every pool. Context: any that reaches flash.
void millpond_get_stats(const millpond_manager* manager, millpond_stats* out);
/// Restarts all peaks from what is held now, that of a pool of blocks from its highest held block. Context:
/// task.
void millpond_reset_peaks(millpond_manager* manager);

/// What a pool would have refused: `WhatIf`. A basis of 0 means exactly, another one why not.
typedef struct millpond_what_if {
  uint64_t refused;
  uint8_t basis;
} millpond_what_if;
/// What the pool would have refused since set-up with only its first `blocks` blocks. Context: any that
/// reaches flash.
millpond_what_if millpond_get_what_if(const millpond_manager* manager, millpond_pool pool, size_t blocks);
/// How many requests block `index` of the pool has served since set-up. Context: any that reaches flash.
uint64_t millpond_served_by(const millpond_manager* manager, millpond_pool pool, size_t index);

/// Bytes of pools held, and of all pools.
typedef struct millpond_occupancy {
  size_t held;
  size_t total;
} millpond_occupancy;
/// How full the pools are. Context: any that reaches flash.
millpond_occupancy millpond_get_occupancy(const millpond_manager* manager);

/// A held block: `LiveBlock`.
typedef struct millpond_live_block {
  const void* address;
  const char* source;
  size_t size;
  size_t granted;
  uint64_t age_ms;
  uint32_t index;
  millpond_pool pool;
#if CONFIG_MILLPOND_TASK_NAMES
  /// The task that took the block: valid during `visit`.
  const char* task;
#endif
} millpond_live_block;
/// Calls `visit(context, block)` for each held block of at least this age: 0 for all of them, the age of a
/// suspected leak for those. Returns: their number. Context: any that reaches flash.
size_t millpond_visit_blocks(const millpond_manager* manager, uint64_t older_than_ms,
                             void (*visit)(void* context, const millpond_live_block* block), void* context);

/// What one source holds: `SourceStats`.
typedef struct millpond_source_stats {
  const char* source;
  size_t blocks;
  size_t bytes_requested;
  size_t bytes_granted;
  uint64_t oldest_ms;
} millpond_source_stats;
/// Calls `visit(context, row)` for each source that holds blocks; what does not fit the first 16 sources is
/// summed as "(others)". Returns: the rows. Context: task.
size_t millpond_visit_sources(const millpond_manager* manager,
                              void (*visit)(void* context, const millpond_source_stats* row), void* context);

/// Checks the guards of the next `budget` blocks. Returns: the blocks found overwritten. Context: task.
uint32_t millpond_validate(millpond_manager* manager, uint32_t budget);

// Memory of the pools

/// Places a pool that expects it in `memory` for good. Returns: whether it was accepted; `HandOver` has the
/// reasons why not. Context: task.
bool millpond_hand_over(millpond_manager* manager, millpond_pool pool, void* memory, size_t bytes);
/// Gives the memory of idle reclaimable pools back to the heap. Returns: its bytes. Context: task.
size_t millpond_release_idle_pools(millpond_manager* manager);
/// Takes it again if the heap has it and keeps `keep_free` bytes. Returns: its bytes. Context: task.
size_t millpond_reacquire_pools(millpond_manager* manager, size_t keep_free);

// C libraries: see LibraryMemory.h and millpond_hooks.h

/// A library that has an adapter.
typedef uint8_t millpond_library;
enum { MILLPOND_MBEDTLS, MILLPOND_CJSON, MILLPOND_LWIP };
/// Serves a library from one to four pools, each for larger requests than the one before. With `heap` the
/// fallback serves what they cannot. Returns: false, with nothing changed, for reasons that `Binding` has,
/// and for a library that is none of those. Context: task.
bool millpond_bind(millpond_manager* manager, millpond_library library, const millpond_pool* pools,
                   size_t count, const char* source, bool heap);
/// Ends that; nothing for a library that is none. Requires: the library has given all memory back. Context:
/// task.
void millpond_unbind(millpond_library library);

// NOLINTEND(modernize-use-using)

#ifdef __cplusplus
}
#endif
