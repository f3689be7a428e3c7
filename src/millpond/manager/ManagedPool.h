// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/base/Counter.h"
#include "millpond/guard/Marks.h"
#include "millpond/manager/ManagerCore.h"
#include "millpond/pool/Blocks.h"
#include "millpond/pool/Runs.h"
#include "millpond/pool/Shape.h"

namespace millpond {

/// A pool of a manager as the fast path sees it: its shape, its ledger, its waiters. `ManagedPool` is
/// generated from row `row` of a configuration's table; `LoadedPool` reads the same from a `PoolState`. The
/// fast path below accepts either. `Storage` is a `MemoryStorage`.
template <class Storage, std::size_t row>
class ManagedPool {
  static constexpr PoolSpec spec = Storage::table[row];
  static constexpr Guards guards = Storage::guards;
  static constexpr PoolSetup offset = Storage::template pool_setup<row>;
  using Shape = FixedShape<spec.block_size, spec.blocks>;

 public:
  static constexpr bool runs() { return spec.isRuns(); }
  static constexpr bool watched() { return guards == Guards::light; }
  static constexpr bool measured() { return Storage::measures_requests; }
  /// Whether the fast path allocates at all, whether it frees at all, and whether its failure to allocate is
  /// final for the pool.
  static constexpr bool takes_fast =
      spec.blocks != 0 && spec.reserve == 0 && guards <= Guards::light && (!runs() || Shape::oneWord());
  static constexpr bool frees_fast =
      spec.blocks != 0 && !spec.isReclaimable() && guards <= Guards::light && (!runs() || Shape::oneWord());
  static constexpr bool decides = takes_fast && Shape::oneWord();

  MILLPOND_INLINE explicit ManagedPool(Storage& storage) : storage_(storage) {}

  static constexpr bool oneWord() { return Shape::oneWord(); }
  static constexpr std::uint32_t count() { return Shape::count(); }
  static constexpr std::uint32_t blockSize() { return Shape::blockSize(); }
  static constexpr unsigned shift() { return Shape::shift(); }
  MILLPOND_INLINE static std::uint32_t lowest(std::uint32_t word) { return Shape::lowest(word); }
  MILLPOND_INLINE Word* bitmap() const { return storage_.state + offset.bitmap; }
  MILLPOND_INLINE std::byte* address(std::uint32_t index) const {
    return base() + std::size_t{index} * spec.block_size;
  }
  MILLPOND_INLINE std::uintptr_t indexOf(const void* pointer) const {
    // Without guards the bitmap alone does not show that a pool without memory holds no block.
    if constexpr (guards == Guards::none && spec.place.kind != Place::Kind::manager) {
      if (state().released()) [[unlikely]]
        return count();
    }
    return Shape(base(), bitmap()).indexOf(pointer);
  }

  MILLPOND_INLINE PoolState& state() const { return storage_.pools[row]; }
  MILLPOND_INLINE Ledger::Entry& entry(std::uint32_t index) const {
    return storage_.entries[offset.entries + index];
  }
  /// Whether no waiter goes before the caller. In a pool of runs a waiter may need more than is free.
  MILLPOND_INLINE bool open() const {
    if constexpr (runs()) return !state().traits().has(PoolTraits::waited) || Port::inInterrupt();
    return state().waiting.empty() || Port::inInterrupt();
  }

 private:
  MILLPOND_INLINE std::byte* base() const {
    if constexpr (spec.place.kind == Place::Kind::manager) return storage_.memory + offset.memory;
    if constexpr (spec.place.kind == Place::Kind::array) return spec.place.memory + Storage::fence;
    return state().block(0);
  }

  Storage& storage_;
};

/// Requires: the traits say that the pool is plain: one word. `of_runs`: its kind.
template <bool of_runs>
class LoadedPool : public LoadedShape {
 public:
  MILLPOND_INLINE LoadedPool(PoolState& state, PoolTraits traits)
      : LoadedShape(state, traits), state_(state) {}

  static constexpr bool oneWord() { return true; }
  MILLPOND_INLINE bool watched() const { return traits().has(PoolTraits::watched); }
  static constexpr bool runs() { return of_runs; }
  static constexpr bool measured() { return true; }
  MILLPOND_INLINE Ledger::Entry& entry(std::uint32_t index) const { return state_.ledger.at(index); }
  MILLPOND_INLINE PoolState& state() const { return state_; }

 private:
  PoolState& state_;
};

/// The fast path. Each function ends in a tail call if it cannot complete the operation.
namespace fast_path {

/// Effect: takes a block or a run. Returns: its start, or what `slow` returns.
template <class Pool, class Slow>
MILLPOND_INLINE void* allocate(Pool pool, ManagerCore& core, PoolId id, std::size_t size, const char* source,
                               Slow slow) {
  run_pool::Taken taken;
  std::size_t granted = pool.blockSize();
  if (pool.runs()) {
    const std::size_t granules = run_pool::granulesFor(size, pool.shift());
    granted = granules << pool.shift();
    taken = run_pool::takeFast(pool, granules);
  } else if (size - 1 < pool.blockSize()) {  // 0 wraps
    taken.first = block_pool::takeFast(pool);
  }
  if (taken.first == millpond::Pool::none) [[unlikely]]
    return slow();
  if (pool.measured() && size > pool.state().largest_served.load()) [[unlikely]]
    counter::raise(pool.state().largest_served, static_cast<std::uint32_t>(size));
  std::byte* block = pool.address(taken.first);
  if (pool.watched()) guard::seal(block, size, granted);
  const bool opened = Ledger::open(pool.entry(taken.first), static_cast<std::uint32_t>(size), source);
  if (opened && !(pool.runs() && taken.mayBePeak())) [[likely]] {
    if constexpr (trace_on) {
      return ManagerCore::recordTaken(block, core, pool.entry(taken.first),
                                      tracePlace(TraceKind::allocation, id, taken.first));
    }
    return block;
  }
  return core.finishTaken(taken.first, taken.left, id);
}

/// Effect: frees block `index` of pool `id`, which starts at `pointer`. Returns: whether it was freed.
template <class Pool>
MILLPOND_INLINE bool free(Pool pool, ManagerCore& core, PoolId id, std::uint32_t index, void* pointer) {
  if (pool.watched()) {
    Holding& holding = pool.entry(index).holding;
    const std::uint32_t size = holding.soleSize();
    std::size_t granted = pool.blockSize();
    if (pool.runs()) granted = (size + granted - 1) & (0 - granted);
    const bool sound =
        size <= Holding::max_size && guard::isSealed(static_cast<std::byte*>(pointer), size, granted);
    if (!sound) [[unlikely]]
      return core.freeSlow(pointer);
    holding.close(size);
  }
  const char* source = nullptr;
  if constexpr (trace_on) source = pool.entry(index).source.load();  // the next holder's entry replaces it
  const bool given = pool.runs() ? run_pool::giveFast(pool, index) : block_pool::give(pool, index);
  if (!given) [[unlikely]]
    return core.reject(pointer);
  if constexpr (trace_on)
    return core.recordFreed(pool.state(), tracePlace(TraceKind::free, id, index), source);
  if (!pool.state().waiting.empty()) [[unlikely]]
    pool.state().wakeFirst();
  return true;
}

}  // namespace fast_path

}  // namespace millpond
