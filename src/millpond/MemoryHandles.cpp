// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What `Buffer`, `SharedBuffer` and `EventBus` ask of the memory manager.
#include "millpond/Counter.h"
#include "millpond/MemoryManager.h"

namespace millpond {

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
  return {*this, pointer, size, generationOf(pointer)};
}

// The heap's blocks have no generation: they are known by their address.
std::uint32_t MemoryManager::generationOf(const void* pointer) {
  std::uint32_t index = 0;
  const TypedPool* typed = poolOf(pointer, index);
  return typed != nullptr ? typed->ledger.at(index).generation.load() : 0;
}

Holding* MemoryManager::holdingOf(const void* pointer, std::uint32_t generation) {
  std::uint32_t index = 0;
  if (TypedPool* typed = poolOf(pointer, index)) {
    Ledger::Entry& entry = typed->ledger.at(index);
    const bool same = entry.generation.load() == generation && typed->heldAt(index) != 0;
    return same ? &entry.holding : nullptr;
  }
  HeapFallback::Record* record = heap_.find(pointer);
  return record != nullptr ? &record->holding : nullptr;
}

bool MemoryManager::shareHolding(const void* pointer, std::uint32_t generation) {
  Holding* holding = holdingOf(pointer, generation);
  return holding != nullptr && holding->share();
}

void MemoryManager::dropHolding(void* pointer, std::uint32_t generation) {
  Holding* holding = holdingOf(pointer, generation);
  if (holding == nullptr) return reject(pointer);
  if (!holding->dropShare()) deallocate(pointer);
}

MILLPOND_HOT_DATA const char MemoryManager::payload_source[] = "event";

void* MemoryManager::allocatePayload(std::size_t size) {
  TypedPool& typed = pool(PoolId::general);
  const Access rights = rightsOf(Access::ordinary);
  const bool fits = size <= typed.maxRequest(rights);
  const std::uint32_t index = fits ? takeRested(typed, size, rights) : Pool::none;
  if (index != Pool::none) return openChecked(size, payload_source, typed, index);
  counter::increment(fits ? typed.exhausted : typed.oversize);
  return nullptr;
}

void MemoryManager::freePayload(void* payload) {
  TypedPool& typed = pool(PoolId::general);
  const auto [index, word] = typed.geometry().placeOf(payload);
  const bool freed =
      index < BlockGeometry::countIn(word) && freeIn(typed, static_cast<std::uint32_t>(index), payload);
  if (!freed) counter::increment(typed.rejected);
}

void Buffer::reset() {
  MemoryManager* manager = std::exchange(manager_, nullptr);
  const std::span<std::byte> bytes = std::exchange(bytes_, {});
  if (manager != nullptr) manager->dropHolding(bytes.data(), generation_);
}

SharedBuffer::SharedBuffer(Buffer&& buffer) noexcept
    : manager_(buffer.manager_), bytes_(buffer.bytes_), generation_(buffer.generation_) {
  buffer.release();
}

SharedBuffer::SharedBuffer(const SharedBuffer& other) {
  if (other.manager_ == nullptr || !other.manager_->shareHolding(other.data(), other.generation_)) return;
  manager_ = other.manager_;
  bytes_ = other.bytes_;
  generation_ = other.generation_;
}

void SharedBuffer::reset() {
  MemoryManager* manager = std::exchange(manager_, nullptr);
  const std::span<std::byte> bytes = std::exchange(bytes_, {});
  if (manager != nullptr) manager->dropHolding(bytes.data(), generation_);
}

}  // namespace millpond
