// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a memory manager says of itself: statistics, live blocks, static buffers.
#include "millpond/MemoryManager.h"
#include "millpond/Text.h"
#include "millpond/Ticks.h"

namespace millpond {

namespace {

constexpr const char* unknown_source = "?";
constexpr const char* other_sources = "(others)";

const char* shown(const char* source) { return source == nullptr ? unknown_source : source; }

std::uint64_t millisecondsSince(std::uint32_t since) { return ticksToMilliseconds(Port::ticks() - since); }

template <class Pool>
std::size_t peakOf(const Pool& pool, const Ledger& ledger) {
  if constexpr (requires { pool.peak(); }) {
    return pool.peak();
  } else {
    return ledger.everHeld(pool.geometry().count());
  }
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
      .audio = statsOf(PoolId::audio, audio_),
      .network = statsOf(PoolId::network, network_),
      .general = statsOf(PoolId::general, general_),
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

template <class Pool>
PoolStats MemoryManager::statsOf(PoolId id, const TypedPool<Pool>& typed) {
  const BlockGeometry& geometry = typed.geometry();
  PoolStats stats{
      .name = poolName(id),
      .block_size = geometry.blockSize(),
      .capacity = geometry.count(),
      .released = typed.released(),
      .peak = peakOf(typed.pool, typed.ledger),
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
    stats.in_use += typed.pool.heldAt(index);
    stats.bytes_requested += typed.ledger.at(index).holding.size();
  }
  stats.bytes_granted = std::uint64_t{stats.in_use} * stats.block_size;
  // While somebody is between taking a block and writing it down, live may be ahead.
  stats.frees = stats.allocations > live ? stats.allocations - live : 0;
  return stats;
}

PoolStats MemoryManager::heapStats() const {
  const std::uint64_t allocations =
      std::uint64_t{audio_.fallbacks.load()} + network_.fallbacks.load() + general_.fallbacks.load();
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

bool MemoryManager::liveBlockAt(std::uint32_t position, LiveBlock& block) const {
  std::uint32_t index = position;
  const auto look = [&](PoolId id, const auto& typed) {
    if (!typed.live(index)) return false;
    const Ledger::Entry& entry = typed.ledger.at(index);
    const std::uint32_t since = entry.since.load();
    block = {.pool = id,
             .index = index,
             .position = position,
             .source = shown(entry.source.load()),
             .size = entry.holding.size(),
             .granted = typed.granted(index),
             .since = since,
             .age_ms = millisecondsSince(since),
             .address = typed.block(index)};
    return true;
  };
  if (index < audio_.geometry().count()) return look(PoolId::audio, audio_);
  index -= audio_.geometry().count();
  if (index < network_.geometry().count()) return look(PoolId::network, network_);
  index -= network_.geometry().count();
  if (index < general_.geometry().count()) return look(PoolId::general, general_);
  index -= general_.geometry().count();

  const HeapFallback::Record& record = heap_.at(index);
  const void* address = record.address.load();
  if (address == nullptr) return false;
  const std::size_t size = record.holding.size();
  const std::uint32_t since = record.since.load();
  block = {.pool = PoolId::heap,
           .index = index,
           .position = position,
           .source = shown(record.source.load()),
           .size = size,
           .granted = size,
           .since = since,
           .age_ms = millisecondsSince(since),
           .address = address};
  return true;
}

std::uint32_t MemoryManager::positions() const {
  return audio_.geometry().count() + network_.geometry().count() + general_.geometry().count() +
         heap_.records();
}

LiveBlocks::Iterator::Iterator(const LiveBlocks& blocks)
    : blocks_(&blocks), end_(blocks.manager_.positions()) {
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
