// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/HeapFallback.h"

#include "millpond/Bits.h"
#include "millpond/Counter.h"

namespace millpond {

void* HeapFallback::allocate(std::size_t size, const char* source) {
  void* memory = nullptr;
  if (!Port::inInterrupt() && reserve(size)) {
    const std::uint32_t free = free_.update(bits::withoutLowest);
    if (free != 0) memory = fill(bits::lowest(free), static_cast<std::uint32_t>(size), source);
    if (memory == nullptr) giveUp(free & (0 - free), static_cast<std::uint32_t>(size));
  }
  if (memory == nullptr) counter::increment(refused_);
  return memory;
}

void* HeapFallback::fill(std::uint32_t index, std::uint32_t size, const char* source) {
  void* memory = heap_.allocate(heap_.context, size);
  if (memory == nullptr) return nullptr;
  Record& record = records_[index];
  record.source.store(source);
  record.holding.open(size);
  record.since.store(Port::ticks());
  record.address.store(memory);
  counter::raise(peak_, in_use_.load());
  return memory;
}

HeapFallback::Record* HeapFallback::find(const void* pointer) {
  for (Record* record = records_; record != records_ + count_; ++record) {
    if (record->address.load() == pointer) return record;
  }
  return nullptr;
}

bool HeapFallback::deallocate(void* pointer) {
  if (pointer == nullptr || Port::inInterrupt()) return false;
  Record* record = find(pointer);
  if (record == nullptr || record->holding.owners() != 1) return false;
  // Whoever takes the address out of the record is the one that frees the block.
  void* taken = record->address.update([pointer](void* held) { return held == pointer ? nullptr : held; });
  if (taken != pointer) return false;

  const std::uint32_t size = record->holding.size();
  heap_.release(heap_.context, pointer);
  giveUp(std::uint32_t{1} << static_cast<std::uint32_t>(record - records_), size);
  return true;
}

std::uint32_t HeapFallback::blocks() const { return count_ - bits::count(free_.load()); }

bool HeapFallback::reserve(std::size_t size) {
  const auto fits = [size, limit = limit_](std::uint32_t seen) { return size <= limit - seen; };
  return fits(in_use_.update(
      [=](std::uint32_t seen) { return fits(seen) ? seen + static_cast<std::uint32_t>(size) : seen; }));
}

// The record whose bit is given, if any, and the bytes reserved for it.
void HeapFallback::giveUp(std::uint32_t record, std::uint32_t size) {
  free_.setBits(record);
  in_use_.update([size](std::uint32_t seen) { return seen - size; });
}

}  // namespace millpond
