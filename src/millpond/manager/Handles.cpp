// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a manager knows of a pointer, and the calls that `Buffer`, `SharedBuffer` and `EventBus` need.
#include "millpond/SharedBuffer.h"
#include "millpond/base/Counter.h"
#include "millpond/manager/ManagerCore.h"

namespace millpond {

std::size_t ManagerCore::usableSize(const void* pointer) const {
  std::uint32_t index = 0;
  if (const PoolState* pool = poolOf(pointer, index)) {
    // If a free is a claim, a block without an owner is quarantined or released.
    const bool nobodys =
        pool->traits().has(PoolTraits::claimed) && pool->ledger.at(index).holding.owners() == 0;
    return nobodys ? 0 : pool->granted(index);
  }
  const HeapFallback::Record* record = heap_.find(pointer);
  return record != nullptr ? record->holding.size() : 0;
}

PoolId ManagerCore::idAt(const void* pointer) const {
  std::uint32_t index = 0;
  if (const PoolState* pool = poolOf(pointer, index)) return idOf(*pool);
  return heap_.find(pointer) != nullptr ? PoolId::heap : PoolId::none;
}

// Heap blocks have no generation: they are identified by their address.
Buffer ManagerCore::handle(void* block, std::size_t size) {
  if (block == nullptr) return {};
  std::uint32_t index = 0;
  const PoolState* pool = poolOf(block, index);
  return {*this, block, size, pool != nullptr ? pool->ledger.at(index).generation.load() : 0};
}

Holding* ManagerCore::holdingOf(const void* pointer, std::uint32_t generation) {
  std::uint32_t index = 0;
  if (PoolState* pool = poolOf(pointer, index)) {
    Ledger::Entry& entry = pool->ledger.at(index);
    const bool same = entry.generation.load() == generation && pool->heldAt(index) != 0;
    return same ? &entry.holding : nullptr;
  }
  HeapFallback::Record* record = heap_.find(pointer);
  return record != nullptr ? &record->holding : nullptr;
}

bool ManagerCore::shareHolding(const void* pointer, std::uint32_t generation) {
  Holding* holding = holdingOf(pointer, generation);
  return holding != nullptr && holding->share();
}

void ManagerCore::dropHolding(void* pointer, std::uint32_t generation) {
  Holding* holding = holdingOf(pointer, generation);
  if (holding == nullptr) {
    reject(pointer);
  } else if (!holding->dropShare()) {
    freeSlow(pointer);
  }
}

MILLPOND_HOT_DATA const char ManagerCore::payload_source[] = "event";

void* ManagerCore::allocatePayload(std::size_t size, PoolId id) {
  return allocateSlow(size, payload_source, {Terms::pool_only | Terms::silent, id});
}

void ManagerCore::freePayload(void* payload, PoolId id) {
  PoolState& pool = at(id);
  const auto [index, word] = pool.geometry().find(payload);
  const bool freed =
      index < BlockGeometry::countIn(word) && freeIn(pool, static_cast<std::uint32_t>(index), payload);
  if (!freed) counter::increment(pool.rejected);
}

void Buffer::reset() {
  ManagerCore* const core = core_;
  void* const block = data_;
  core_ = nullptr;
  data_ = nullptr;
  size_ = 0;
  if (core != nullptr) core->dropHolding(block, generation_);
}

SharedBuffer::SharedBuffer(const SharedBuffer& other) {
  if (other.core_ == nullptr || !other.core_->shareHolding(other.data_, other.generation_)) return;
  core_ = other.core_;
  data_ = other.data_;
  size_ = other.size_;
  generation_ = other.generation_;
}

void SharedBuffer::reset() {
  ManagerCore* const core = core_;
  void* const block = data_;
  core_ = nullptr;
  data_ = nullptr;
  size_ = 0;
  if (core != nullptr) core->dropHolding(block, generation_);
}

}  // namespace millpond
