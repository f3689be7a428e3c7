// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager reports about itself: statistics, live blocks, static buffers.
#include "millpond/LiveBlocks.h"
#include "millpond/base/Text.h"
#include "millpond/base/Ticks.h"
#include "millpond/manager/ManagerCore.h"
#include "millpond/manager/StaticBufferNode.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

namespace {

constexpr const char* other_sources = "(others)";
MILLPOND_HOT_DATA constexpr char heap_name[] = "heap";

// `entry`: of the ledger, or the heap's record.
template <class Entry>
void show(LiveBlock& block, std::uint32_t holding, const Entry& entry) {
  block.size = Holding::sizeIn(holding);
  block.source = entry.source.loadOrdered();
  if (block.source == nullptr) block.source = "?";
  block.since = entry.since.loadOrdered();
  block.task = entry.task.get();
}

bool sameHolding(const LiveBlock& a, const LiveBlock& b) {
  return a.address == b.address && a.source == b.source && a.since == b.since && a.size == b.size &&
         a.granted == b.granted && a.task == b.task;
}

// While a caller has taken a block and not yet recorded it, `live` is ahead.
[[gnu::noinline]] MILLPOND_HOT void countFrees(PoolStats& stats, std::uint32_t live) {
  stats.frees = stats.allocations > live ? stats.allocations - live : 0;
}

// Whether `tick` is not before `start`; a `start` of 0 means that everything counts.
MILLPOND_INLINE bool isSince(std::uint32_t start, std::uint32_t tick) {
  return start == 0 || (tick - start) >> 31U == 0;
}

WhatIf::Basis whatIfBasis(const PoolState& pool) {
  const PoolTraits traits = pool.traits();
  if (traits.has(PoolTraits::runs)) return WhatIf::Basis::runs;
  if (traits.has(PoolTraits::many_words)) return WhatIf::Basis::many_blocks;
  if (traits.has(PoolTraits::has_reserve)) return WhatIf::Basis::reserve;
  if (traits.has(PoolTraits::poisoned)) return WhatIf::Basis::quarantine;
  return pool.ledger.carried() != 0 ? WhatIf::Basis::wrapped : WhatIf::Basis::exact;
}

MILLPOND_INLINE std::size_t least(std::size_t a, std::size_t b) { return a < b ? a : b; }

void add(SourceStats& row, const LiveBlock& block) {
  ++row.blocks;
  row.bytes_requested += block.size;
  row.bytes_granted += block.granted;
  if (row.oldest_ms < block.age_ms) row.oldest_ms = block.age_ms;
}

}  // namespace

MemoryStats ManagerCore::stats() const {
  MemoryStats stats;
  const std::uint32_t heap_blocks = heap_.blocks();  // before its allocations, which are no fewer by then
  stats.pools = pool_count_;
  for (std::size_t row = 0; row < pool_count_; ++row) countPool(row, stats.pool(poolIdOf(row)), stats.heap);
  countHeap(stats.heap, heap_blocks);
  stats.invalid_requests = invalid_.load();
  stats.guard_violations = violations_.load();
  stats.static_budget = static_budget_;
  for (const StaticBufferNode* node = static_buffers_.loadOrdered(); node != nullptr; node = node->next()) {
    stats.static_bytes += node->bytes();
  }
  return stats;
}

WhatIf ManagerCore::whatIf(PoolId id, std::size_t blocks) const {
  if (!has(id)) return {0, WhatIf::Basis::no_pool};
  const PoolState& pool = at(id);
  WhatIf result{pool.exhausted.load(), whatIfBasis(pool)};
  for (std::size_t index = blocks; index < pool.geometry().count(); ++index) {
    result.refused += pool.ledger.at(static_cast<std::uint32_t>(index)).generation.load();
  }
  return result;
}

std::uint64_t ManagerCore::servedBy(PoolId id, std::size_t index) const {
  if (!has(id) || index >= at(id).geometry().count()) return 0;
  const Ledger& ledger = at(id).ledger;
  const std::uint64_t carried = index == 0 ? ledger.carried() : 0;
  return carried + ledger.at(static_cast<std::uint32_t>(index)).generation.loadOrdered();
}

const char* ManagerCore::nameOf(PoolId id) const {
  if (id == PoolId::heap) return heap_name;
  return has(id) ? setup_->rows()[rowOf(id)].name.text : "?";
}

PoolId ManagerCore::find(const char* name) const {
  MILLPOND_REQUIRE(name != nullptr);
  for (std::size_t row = 0; row < pool_count_; ++row) {
    if (text::same(setup_->rows()[row].name.text, name)) return poolIdOf(row);
  }
  return PoolId::none;
}

// Excludes concurrent moves of the pools' memory.
void ManagerCore::resetPeaks() {
  const port::TaskLock lock(tasks_);
  const std::uint32_t now = Port::ticks();
  peaks_since_.store(now != 0 ? now : UINT32_MAX);  // the tick before
  heap_.resetPeak();
  for (PoolState& pool : all()) {
    if (pool.geometry().count() == 0) continue;
    if (pool.traits().has(PoolTraits::runs)) {
      run_pool::resetPeak(pool);
      continue;
    }
    std::uint32_t floor = 0;
    for (std::uint32_t index = 0; index < pool.geometry().count(); ++index) {
      if (pool.liveAt(index) != 0) floor = index + 1;
    }
    pool.peak_floor.store(floor);
  }
}

// A request that a pool could not serve and the heap did counts as an allocation of the heap.
//
// A walk may see one block before it is freed and another after it is taken. It may then count more than were
// ever held at once, or more than the peak, which is recorded after the block is taken. In that case the peak
// is reported. The generation is read before a block is found free and after it is found held, so that no
// figure falls. Both reads are ordered for processors on which a thread that sees an owner's generation also
// sees its block as held; no test can tell, since `frees` may be one less in any case.
inline void ManagerCore::countPool(std::size_t row, PoolStats& stats, PoolStats& heap) const {
  const PoolState& pool = pools_[row];
  const PoolTraits traits = pool.traits();
  const std::uint32_t count = traits.count();
  const std::uint32_t peaks_since = peaks_since_.load();
  stats.name = setup_->rows()[row].name.text;
  stats.block_size = pool.geometry().blockSize() - (traits.has(PoolTraits::runs) ? 0 : traits.fence());
  stats.capacity = count;
  stats.released = count != 0 && pool.released();
  stats.exhausted = pool.exhausted.load();
  stats.oversize = pool.oversize.load();
  stats.fallbacks = pool.fallbacks.load();
  stats.rejected = pool.rejected.load();
  stats.largest_refused = pool.largest_refused.load();
  stats.waiting = pool.waiting.count();
  stats.largest_request = pool.largest_served.load();
  heap.allocations += stats.fallbacks;
  std::uint32_t live = 0;
  std::uint32_t in_use = 0;
  std::uint32_t ever_held = pool.peak_floor.load();
  stats.allocations = pool.ledger.carried();
  for (std::uint32_t index = 0; index < count; ++index) {
    const Ledger::Entry& entry = pool.ledger.at(index);
    std::uint32_t generation = entry.generation.loadOrdered();
    const std::uint32_t units = pool.liveAt(index);
    if (units != 0) {
      ++live;
      generation = entry.generation.loadOrdered();
      in_use += units;
      stats.bytes_requested += entry.holding.size();
    }
    const bool counts = units != 0 || isSince(peaks_since, entry.since.load());
    if (generation != 0 && counts && index >= ever_held) ever_held = index + 1;
    stats.allocations += generation;
  }
  stats.peak = pool.peak(ever_held);
  stats.in_use = least(in_use, stats.peak);
  stats.bytes_granted = stats.in_use * stats.block_size;
  stats.bytes_requested = least(stats.bytes_requested, stats.bytes_granted);
  countFrees(stats, live);
}

inline void ManagerCore::countHeap(PoolStats& stats, std::uint32_t blocks) const {
  stats.name = heap_name;
  stats.block_size = 1;
  stats.capacity = heap_.limit();
  stats.peak = heap_.peak();
  stats.in_use = least(heap_.inUse(), stats.peak);  // any more has not been handed out yet
  stats.exhausted = heap_.refused();
  stats.rejected = heap_rejected_.load();
  stats.largest_request = PoolStats::not_measured;
  stats.bytes_requested = stats.in_use;
  stats.bytes_granted = stats.in_use;
  countFrees(stats, blocks);
}

std::size_t ManagerCore::statsBySource(std::span<SourceStats> out) const {
  std::size_t rows = 0;
  if (out.empty()) return rows;
  for (const LiveBlock& block : LiveBlocks(*this, 0)) {
    std::size_t row = 0;
    while (row < rows && !text::same(out[row].source, block.source)) ++row;
    if (row == out.size()) {
      row = out.size() - 1;
      out[row].source = other_sources;
    } else if (row == rows) {
      out[rows++] = {.source = block.source};
    }
    add(out[row], block);
  }
  return rows;
}

const PoolState* ManagerCore::poolAt(std::uint32_t& position) const {
  for (const PoolState& pool : all()) {
    if (position < pool.geometry().count()) return &pool;
    position -= pool.geometry().count();
  }
  return nullptr;
}

// Reading a block while it changes hands could combine one holder's age with another's name. If two reads
// agree, all fields belong to one holder, which held the block when the clock was read.
bool ManagerCore::liveBlockAt(std::uint32_t position, LiveBlock& block) const {
  if (!lookAt(position, block)) return false;
  const std::uint32_t now = Port::ticks();
  LiveBlock again;
  if (!lookAt(position, again) || !sameHolding(block, again)) return false;
  block.age_ms = ticksToMilliseconds(ticksBetween(block.since, now));
  return true;
}

bool ManagerCore::lookAt(std::uint32_t position, LiveBlock& block) const {
  std::uint32_t index = position;
  const PoolState* pool = poolAt(index);
  block.position = position;
  block.index = index;
  if (pool != nullptr) {
    const Ledger::Entry& entry = pool->ledger.at(index);
    block.pool = idOf(*pool);
    const std::uint32_t holding = entry.holding.packed();
    block.granted = pool->granted(index);
    block.address = pool->block(index);
    show(block, holding, entry);
    // In a pool without guards only the bit says whether the block has a holder; a block that has no size yet
    // does not count.
    return block.size - 1 < block.granted &&
           (Holding::ownersIn(holding) != 0 || !pool->traits().has(PoolTraits::guarded));
  }
  const HeapFallback::Record& record = heap_.at(index);
  block.pool = PoolId::heap;
  block.address = record.address.loadOrdered();
  show(block, record.holding.packed(), record);
  block.granted = block.size;
  return HeapFallback::isHeld(block.address);
}

std::uint32_t ManagerCore::blocks() const {
  std::uint32_t blocks = 0;
  for (const PoolState& pool : all()) blocks += pool.geometry().count();
  return blocks;
}

LiveBlocks::Iterator::Iterator(const LiveBlocks& blocks) : blocks_(&blocks), end_(blocks.core_.places()) {
  seek();
}

void LiveBlocks::Iterator::seek() {
  for (; position_ != end_; ++position_) {
    if (blocks_->core_.liveBlockAt(position_, block_) && block_.age_ms >= blocks_->older_than_ms_) return;
  }
}

StaticBufferNode::StaticBufferNode(ManagerCore& core, const char* name, std::size_t bytes)
    : core_(core), next_(core.static_buffers_.load()), name_(name), bytes_(bytes) {
  core.static_buffers_.storeOrdered(this);  // complete, for callers that count it meanwhile
}

StaticBufferNode::~StaticBufferNode() {
  StaticBufferNode* newer = core_.static_buffers_.load();
  if (newer == this) {
    core_.static_buffers_.store(next_);
    return;
  }
  // It is not in the list if the manager was constructed after it.
  while (newer != nullptr && newer->next_ != this) newer = newer->next_;
  if (newer != nullptr) newer->next_ = next_;
}

}  // namespace millpond
