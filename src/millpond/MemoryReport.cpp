// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager says of itself: statistics, live blocks, static buffers.
#include "millpond/MemoryManager.h"
#include "millpond/Text.h"
#include "millpond/Ticks.h"

namespace millpond {

namespace {

constexpr const char* other_sources = "(others)";

void show(LiveBlock& block, const SourceTag& source, const Word& since) {
  block.source = source.load();
  if (block.source == nullptr) block.source = "?";
  block.since = since.load();
  block.age_ms = ticksToMilliseconds(Port::ticks() - block.since);
}

void add(SourceStats& row, const LiveBlock& block) {
  ++row.blocks;
  row.bytes_requested += block.size;
  row.bytes_granted += block.granted;
  if (row.oldest_ms < block.age_ms) row.oldest_ms = block.age_ms;
}

}  // namespace

MemoryStats MemoryManager::stats() const {
  MemoryStats stats{
      .audio = statsOf(pools_[0]),
      .network = statsOf(pools_[1]),
      .general = statsOf(pools_[2]),
      .heap = heapStats(),
      .invalid_requests = invalid_.load(),
      .guard_violations = violations_.load(),
      .static_budget = config_.static_buffer_bytes,
  };
  for (const StaticBufferNode* node = static_buffers_; node != nullptr; node = node->next()) {
    stats.static_bytes += node->bytes();
  }
  return stats;
}

PoolStats MemoryManager::statsOf(const TypedPool& typed) {
  const BlockGeometry& geometry = typed.geometry();
  PoolStats stats{
      .name = poolName(typed.id),
      .block_size = geometry.blockSize(),
      .capacity = geometry.count(),
      .released = typed.released(),
      .peak = typed.peak(),
      .allocations = typed.ledger.allocations(geometry.count()),
      .exhausted = typed.exhausted.load(),
      .oversize = typed.oversize.load(),
      .fallbacks = typed.fallbacks.load(),
      .rejected = typed.rejected.load(),
  };
  std::uint64_t live = 0;
  for (std::uint32_t index = 0; index < geometry.count(); ++index) {
    if (!typed.live(index)) continue;
    ++live;
    stats.in_use += typed.heldAt(index);
    stats.bytes_requested += typed.ledger.at(index).holding.size();
  }
  stats.bytes_granted = std::uint64_t{stats.in_use} * stats.block_size;
  // While somebody is between taking a block and writing it down, live may be ahead.
  stats.frees = stats.allocations > live ? stats.allocations - live : 0;
  return stats;
}

PoolStats MemoryManager::heapStats() const {
  std::uint64_t allocations = 0;
  for (const TypedPool& typed : pools_) allocations += typed.fallbacks.load();
  const std::uint64_t live = heap_.blocks();
  const std::uint32_t in_use = heap_.inUse();
  return {
      .name = poolName(PoolId::heap),
      .block_size = 1,
      .capacity = heap_.limit(),
      .in_use = in_use,
      .peak = heap_.peak(),
      .allocations = allocations,
      .frees = allocations > live ? allocations - live : 0,
      .exhausted = heap_.refused(),
      .rejected = heap_rejected_.load(),
      .bytes_requested = in_use,
      .bytes_granted = in_use,
  };
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

bool MemoryManager::liveBlockAt(std::uint32_t position, LiveBlock& block) const {
  std::uint32_t index = position;
  const TypedPool* typed = poolAt(index);
  block.position = position;
  block.index = index;
  if (typed != nullptr) {
    if (!typed->live(index)) return false;
    const Ledger::Entry& entry = typed->ledger.at(index);
    block.pool = typed->id;
    block.size = entry.holding.size();
    block.granted = typed->granted(index);
    block.address = typed->block(index);
    show(block, entry.source, entry.since);
    return true;
  }
  const HeapFallback::Record& record = heap_.at(index);
  block.pool = PoolId::heap;
  block.size = block.granted = record.holding.size();
  block.address = record.address.load();
  show(block, record.source, record.since);
  return block.address != nullptr;
}

std::uint32_t MemoryManager::blocks() const {
  std::uint32_t blocks = 0;
  for (const TypedPool& typed : pools_) blocks += typed.geometry().count();
  return blocks;
}

LiveBlocks::Iterator::Iterator(const LiveBlocks& blocks)
    : blocks_(&blocks), end_(blocks.manager_.blocks() + blocks.manager_.heap_.records()) {
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
  while (*link != this) link = &(*link)->next_;
  *link = next_;
}

}  // namespace millpond
