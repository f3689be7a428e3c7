// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/MemoryManager.h"

#include "millpond/Counter.h"

namespace millpond {

namespace {

constexpr const char* unknown_source = "?";
constexpr const char* other_sources = "(others)";

const char* shown(const char* source) { return source == nullptr ? unknown_source : source; }

bool sameText(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

// A tick is 65.536 ms; the fraction in 32 bits, because there may be no divide instruction.
std::uint64_t millisecondsSince(std::uint32_t since) {
  constexpr auto fraction = static_cast<std::uint64_t>(0.536 * 4294967296.0);
  const std::uint64_t ticks = Port::ticks() - since;
  return ticks * 65 + (ticks * fraction >> 32U);
}

template <class Pool>
std::size_t peakOf(const Pool& pool, const Ledger& ledger) {
  if constexpr (requires { pool.peak(); }) {
    return pool.peak();
  } else {
    return ledger.everHeld();
  }
}

void add(SourceStats& row, const LiveBlock& block) {
  ++row.blocks;
  row.bytes_requested += block.size;
  row.bytes_granted += block.granted;
  if (row.oldest_ms < block.age_ms) row.oldest_ms = block.age_ms;
}

}  // namespace

template <class Pool>
MemoryManager::TypedPool<Pool>::TypedPool(const PoolSpec& spec, Tables& tables)
    : pool({tables.memory, spec.block_size, spec.blocks}, tables.state),
      ledger(tables.entries, static_cast<std::uint32_t>(spec.blocks)) {
  tables.memory += spec.bytes();
  tables.state += Pool::stateWords(spec.blocks);
  tables.entries += spec.blocks;
}

MemoryManager::MemoryManager(const MemoryConfig& config, const Tables& tables, const Heap& heap)
    : MemoryManager(config, config.pools(), tables, heap) {}

MemoryManager::MemoryManager(const MemoryConfig& config, const PoolTable& pools, Tables tables,
                             const Heap& heap)
    : audio_(pools[0], tables),
      network_(pools[1], tables),
      general_(pools[2], tables),
      heap_(heap, tables.records, static_cast<std::uint32_t>(config.max_heap_blocks),
            static_cast<std::uint32_t>(config.max_heap_allocation)),
      static_budget_(config.static_buffer_bytes) {}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source) {
  return serve(PoolId::audio, audio_, size, source);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source) {
  return serve(PoolId::network, network_, size, source);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source) {
  return serve(PoolId::general, general_, size, source);
}

template <class Pool>
inline void* MemoryManager::serve(PoolId id, TypedPool<Pool>& typed, std::size_t size, const char* source) {
  if (size - 1 < typed.pool.maxRequest()) [[likely]] {  // a size of 0 wraps
    const std::uint32_t index = typed.pool.takeFor(size);
    if (index != Pool::none) [[likely]] {
      void* memory = typed.pool.geometry().address(index);
      typed.ledger.open(index, static_cast<std::uint32_t>(size), source);
      return memory;
    }
  }
  return serveElsewhere(id, size, source);
}

template <class Visitor>
inline auto MemoryManager::visit(PoolId id, Visitor visitor) {
  if (id == PoolId::audio) return visitor(audio_);
  if (id == PoolId::network) return visitor(network_);
  return visitor(general_);
}

void* MemoryManager::serveElsewhere(PoolId id, std::size_t size, const char* source) {
  if (size == 0) {
    counter::increment(invalid_);
    tell(MemoryEvent::Kind::invalid, id, source, size);
    return nullptr;
  }
  const bool fits = visit(id, [size](const auto& typed) { return size <= typed.pool.maxRequest(); });
  visit(id, [fits](auto& typed) { counter::increment(fits ? typed.exhausted : typed.oversize); });
  tell(fits ? MemoryEvent::Kind::exhausted : MemoryEvent::Kind::oversize, id, source, size);

  void* memory = heap_.allocate(size, source);
  if (memory != nullptr) visit(id, [](auto& typed) { counter::increment(typed.fallbacks); });
  tell(memory != nullptr ? MemoryEvent::Kind::fallback : MemoryEvent::Kind::refused, id, source, size);
  return memory;
}

void MemoryManager::deallocate(void* pointer) {
  const bool freed = audio_.pool.deallocate(pointer) || network_.pool.deallocate(pointer) ||
                     general_.pool.deallocate(pointer);
  if (freed || pointer == nullptr || heap_.deallocate(pointer)) return;
  reject(pointer);
}

void MemoryManager::reject(const void* pointer) {
  if (rejectedBy(PoolId::audio, audio_, pointer) || rejectedBy(PoolId::network, network_, pointer) ||
      rejectedBy(PoolId::general, general_, pointer)) {
    return;
  }
  counter::increment(heap_rejected_);
  tell(MemoryEvent::Kind::rejected_free, PoolId::heap, nullptr, 0, pointer);
}

template <class Pool>
bool MemoryManager::rejectedBy(PoolId id, TypedPool<Pool>& typed, const void* pointer) {
  if (!typed.pool.geometry().contains(pointer)) return false;
  const char* holder = typed.ledger.at(typed.pool.startAround(pointer)).source.load();
  counter::increment(typed.rejected);
  tell(MemoryEvent::Kind::rejected_free, id, holder, 0, pointer);
  return true;
}

void MemoryManager::tell(MemoryEvent::Kind kind, PoolId pool, const char* source, std::size_t size,
                         const void* pointer) const {
  if (observer_.notify == nullptr) return;
  observer_.notify(observer_.context, {kind, pool, shown(source), size, pointer});
}

Buffer MemoryManager::audioBuffer(std::size_t size, const char* source) {
  return handle(allocateAudioBuffer(size, source), size);
}

Buffer MemoryManager::networkBuffer(std::size_t size, const char* source) {
  return handle(allocateNetworkBuffer(size, source), size);
}

Buffer MemoryManager::generalBuffer(std::size_t size, const char* source) {
  return handle(allocateGeneralBuffer(size, source), size);
}

Buffer MemoryManager::handle(void* pointer, std::size_t size) {
  if (pointer == nullptr) return {};
  const Ledger::Entry* entry = entryOf(pointer);
  return {*this, pointer, size, entry != nullptr ? entry->generation.load() : 0};
}

void MemoryManager::deallocateHolding(void* pointer, std::uint32_t generation) {
  const Ledger::Entry* entry = entryOf(pointer);
  const bool stale = entry != nullptr && entry->generation.load() != generation;
  stale ? reject(pointer) : deallocate(pointer);
}

const Ledger::Entry* MemoryManager::entryOf(const void* pointer) const {
  const auto find = [pointer](const auto& typed) -> const Ledger::Entry* {
    const std::uintptr_t index = typed.pool.geometry().indexOf(pointer);
    if (index >= typed.pool.geometry().count()) return nullptr;
    return &typed.ledger.at(static_cast<std::uint32_t>(index));
  };
  if (const Ledger::Entry* entry = find(audio_)) return entry;
  if (const Ledger::Entry* entry = find(network_)) return entry;
  return find(general_);
}

void Buffer::reset() {
  MemoryManager* manager = std::exchange(manager_, nullptr);
  const std::span<std::byte> bytes = std::exchange(bytes_, {});
  if (manager != nullptr) manager->deallocateHolding(bytes.data(), generation_);
}

MemoryStats MemoryManager::stats() const {
  MemoryStats stats{
      .audio = statsOf(PoolId::audio, audio_),
      .network = statsOf(PoolId::network, network_),
      .general = statsOf(PoolId::general, general_),
      .heap = heapStats(),
      .invalid_requests = invalid_.load(),
      .static_budget = static_budget_,
  };
  for (const StaticBufferNode* node = static_buffers_; node != nullptr; node = node->next()) {
    stats.static_bytes += node->bytes();
  }
  return stats;
}

template <class Pool>
PoolStats MemoryManager::statsOf(PoolId id, const TypedPool<Pool>& typed) {
  const BlockGeometry& geometry = typed.pool.geometry();
  PoolStats stats{
      .name = poolName(id),
      .block_size = geometry.blockSize(),
      .capacity = geometry.count(),
      .peak = peakOf(typed.pool, typed.ledger),
      .allocations = typed.ledger.allocations(),
      .exhausted = typed.exhausted.load(),
      .oversize = typed.oversize.load(),
      .fallbacks = typed.fallbacks.load(),
      .rejected = typed.rejected.load(),
  };
  std::uint64_t live = 0;
  for (std::uint32_t index = 0; index < geometry.count(); ++index) {
    const std::uint32_t units = typed.pool.heldAt(index);
    if (units == 0) continue;
    ++live;
    stats.in_use += units;
    stats.bytes_requested += typed.ledger.at(index).size.load();
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
    while (row < rows && !sameText(out[row].source, block.source)) ++row;
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
  const auto look = [&](PoolId id, const auto& typed) {
    const std::uint32_t units = typed.pool.heldAt(position);
    if (units == 0) return false;
    const BlockGeometry& geometry = typed.pool.geometry();
    const Ledger::Entry& entry = typed.ledger.at(position);
    block = {id,
             position,
             shown(entry.source.load()),
             entry.size.load(),
             std::size_t{units} * geometry.blockSize(),
             millisecondsSince(entry.since.load()),
             geometry.address(position)};
    return true;
  };
  if (position < audio_.pool.geometry().count()) return look(PoolId::audio, audio_);
  position -= audio_.pool.geometry().count();
  if (position < network_.pool.geometry().count()) return look(PoolId::network, network_);
  position -= network_.pool.geometry().count();
  if (position < general_.pool.geometry().count()) return look(PoolId::general, general_);
  position -= general_.pool.geometry().count();

  const HeapFallback::Record& record = heap_.at(position);
  const void* address = record.address.load();
  if (address == nullptr) return false;
  const std::size_t size = record.size.load();
  block = {PoolId::heap, position, shown(record.source.load()),
           size,         size,     millisecondsSince(record.since.load()),
           address};
  return true;
}

std::uint32_t MemoryManager::positions() const {
  return audio_.pool.geometry().count() + network_.pool.geometry().count() +
         general_.pool.geometry().count() + heap_.records();
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
