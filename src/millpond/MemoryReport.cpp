// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager says of itself: statistics, live blocks, static buffers.
#include "millpond/MemoryManager.h"
#include "millpond/Text.h"
#include "millpond/Ticks.h"

namespace millpond {

namespace {

constexpr const char* other_sources = "(others)";

void show(LiveBlock& block, std::uint32_t holding, const SourceTag& source, const Word& since) {
  block.size = Holding::sizeIn(holding);
  block.source = source.loadOrdered();
  if (block.source == nullptr) block.source = "?";
  block.since = since.loadOrdered();
}

bool sameHolding(const LiveBlock& a, const LiveBlock& b) {
  return a.address == b.address && a.source == b.source && a.since == b.since && a.size == b.size &&
         a.granted == b.granted;
}

// While somebody is between taking a block and writing it down, live is ahead.
[[gnu::noinline]] void countFrees(PoolStats& stats, std::uint32_t live) {
  stats.frees = stats.allocations > live ? stats.allocations - live : 0;
}

std::size_t least(std::size_t a, std::size_t b) { return a < b ? a : b; }

void add(SourceStats& row, const LiveBlock& block) {
  ++row.blocks;
  row.bytes_requested += block.size;
  row.bytes_granted += block.granted;
  if (row.oldest_ms < block.age_ms) row.oldest_ms = block.age_ms;
}

}  // namespace

MemoryStats MemoryManager::stats() const {
  MemoryStats stats;
  const std::uint32_t heap_blocks = heap_.blocks();  // before its allocations, which are no fewer by then
  countPool(PoolId::audio, stats.audio, stats.heap);
  countPool(PoolId::network, stats.network, stats.heap);
  countPool(PoolId::general, stats.general, stats.heap);
  countHeap(stats.heap, heap_blocks);
  stats.invalid_requests = invalid_.load();
  stats.guard_violations = violations_.load();
  if (setup_ != nullptr) stats.static_budget = setup_->static_buffer_bytes;
  for (const StaticBufferNode* node = static_buffers_; node != nullptr; node = node->next()) {
    stats.static_bytes += node->bytes();
  }
  return stats;
}

// What a pool could not serve and the heap did is an allocation of the heap's.
//
// A walk may see a block before it is given back and another after it is taken, so that it counts more than
// were ever held at once, or than the peak, which is written down after the block is taken: then the peak it
// is. The generation is read before a block is found free and after it is found held: then no figure falls.
void MemoryManager::countPool(PoolId id, PoolStats& stats, PoolStats& heap) const {
  const TypedPool& typed = pools_[static_cast<std::size_t>(id)];
  const std::uint32_t count = typed.geometry().count();
  stats.name = poolName(id);
  stats.block_size = typed.traits().has(PoolTraits::runs) ? typed.geometry().blockSize() : typed.maxRequest();
  stats.capacity = count;
  stats.released = typed.released();
  stats.exhausted = typed.exhausted.load();
  stats.oversize = typed.oversize.load();
  stats.fallbacks = typed.fallbacks.load();
  stats.rejected = typed.rejected.load();
  heap.allocations += stats.fallbacks;
  std::uint32_t live = 0;
  std::uint32_t in_use = 0;
  std::uint32_t ever_held = 0;
  stats.allocations = typed.ledger.carried();
  for (std::uint32_t index = 0; index < count; ++index) {
    const Ledger::Entry& entry = typed.ledger.at(index);
    std::uint32_t generation = entry.generation.loadOrdered();
    if (const std::uint32_t units = typed.liveAt(index)) {
      ++live;
      generation = entry.generation.loadOrdered();
      in_use += units;
      stats.bytes_requested += entry.holding.size();
    }
    if (generation != 0) ever_held = index + 1;
    stats.allocations += generation;
  }
  stats.peak = typed.peak(ever_held);
  stats.in_use = least(in_use, stats.peak);
  stats.bytes_granted = stats.in_use * stats.block_size;
  stats.bytes_requested = least(stats.bytes_requested, stats.bytes_granted);
  countFrees(stats, live);
}

void MemoryManager::countHeap(PoolStats& stats, std::uint32_t blocks) const {
  stats.name = poolName(PoolId::heap);
  stats.block_size = 1;
  stats.capacity = heap_.limit();
  stats.peak = heap_.peak();
  stats.in_use = least(heap_.inUse(), stats.peak);  // more is not handed out yet
  stats.exhausted = heap_.refused();
  stats.rejected = heap_rejected_.load();
  stats.bytes_requested = stats.in_use;
  stats.bytes_granted = stats.in_use;
  countFrees(stats, blocks);
}

std::size_t MemoryManager::statsBySource(std::span<SourceStats> out) const {
  std::size_t rows = 0;
  if (out.empty()) return rows;
  for (const LiveBlock& block : leaks()) {
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

const TypedPool* MemoryManager::poolAt(std::uint32_t& position) const {
  for (const TypedPool& typed : pools_) {
    if (position < typed.geometry().count()) return &typed;
    position -= typed.geometry().count();
  }
  return nullptr;
}

// A block that changes hands while it is looked at would show one holder's age and the other's name: what two
// looks see alike is one holder's, who held it when the clock was read.
bool MemoryManager::liveBlockAt(std::uint32_t position, LiveBlock& block) const {
  if (!lookAt(position, block)) return false;
  const std::uint32_t now = Port::ticks();
  LiveBlock again;
  if (!lookAt(position, again) || !sameHolding(block, again)) return false;
  block.age_ms = ticksToMilliseconds(ticksBetween(block.since, now));
  return true;
}

bool MemoryManager::lookAt(std::uint32_t position, LiveBlock& block) const {
  std::uint32_t index = position;
  const TypedPool* typed = poolAt(index);
  block.position = position;
  block.index = index;
  if (typed != nullptr) {
    const Ledger::Entry& entry = typed->ledger.at(index);
    block.pool = idOf(*typed);
    const std::uint32_t holding = entry.holding.word();
    block.granted = typed->granted(index);
    block.address = typed->block(index);
    show(block, holding, entry.source, entry.since);
    // In a pool that is not guarded only the bit says whether somebody holds the block: not yet where it has
    // no size.
    return block.size - 1 < block.granted &&
           (Holding::ownersIn(holding) != 0 || !typed->traits().has(PoolTraits::guarded));
  }
  const HeapFallback::Record& record = heap_.at(index);
  block.pool = PoolId::heap;
  block.address = record.address.loadOrdered();
  show(block, record.holding.word(), record.source, record.since);
  block.granted = block.size;
  return HeapFallback::isHeld(block.address);
}

std::uint32_t MemoryManager::blocks() const {
  std::uint32_t blocks = 0;
  for (const TypedPool& typed : pools_) blocks += typed.geometry().count();
  return blocks;
}

LiveBlocks::Iterator::Iterator(const LiveBlocks& blocks) : blocks_(&blocks), end_(blocks.manager_.places()) {
  seek();
}

void LiveBlocks::Iterator::seek() {
  for (; position_ != end_; ++position_) {
    if (blocks_->manager_.liveBlockAt(position_, block_) && block_.age_ms >= blocks_->older_than_ms_) return;
  }
}

StaticBufferNode::StaticBufferNode(MemoryManager& manager, const char* name, std::size_t bytes)
    : manager_(manager), next_(manager.static_buffers_), name_(name), bytes_(bytes) {
  manager.static_buffers_ = this;
}

StaticBufferNode::~StaticBufferNode() {
  StaticBufferNode** link = &manager_.static_buffers_;
  while (*link != nullptr && *link != this) link = &(*link)->next_;
  if (*link == this) *link = next_;  // it is not there where the manager was made after it
}

}  // namespace millpond
