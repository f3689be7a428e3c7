// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/HeapFallback.h"

#include "millpond/Bits.h"
#include "millpond/Counter.h"

namespace millpond {

HeapFallback::HeapFallback(const Heap& heap, Record* records, std::uint32_t count, std::uint32_t limit)
    : heap_(heap), records_(records), count_(count), limit_(limit), free_(bits::ones(count)) {}

void* HeapFallback::allocate(std::size_t size, const char* source) {
  if (!Port::inInterrupt() && size <= limit_ && reserve(static_cast<std::uint32_t>(size))) {
    const std::uint32_t free = free_.update(bits::withoutLowest);
    if (free != 0) {
      void* memory = fill(bits::lowest(free), static_cast<std::uint32_t>(size), source);
      if (memory != nullptr) return memory;
    }
    unreserve(static_cast<std::uint32_t>(size));
  }
  counter::increment(refused_);
  return nullptr;
}

void* HeapFallback::fill(std::uint32_t index, std::uint32_t size, const char* source) {
  void* memory = heap_.allocate(heap_.context, size);
  if (memory == nullptr) {
    free_.setBits(std::uint32_t{1} << index);
    return nullptr;
  }
  Record& record = records_[index];
  record.source.store(source);
  record.holding.open(size);
  record.since.store(Port::ticks());
  record.address.store(memory);
  counter::raise(peak_, in_use_.load());
  return memory;
}

HeapFallback::Record* HeapFallback::find(const void* pointer) {
  for (std::uint32_t index = 0; index < count_; ++index) {
    if (records_[index].address.load() == pointer) return &records_[index];
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
  free_.setBits(std::uint32_t{1} << static_cast<std::uint32_t>(record - records_));
  unreserve(size);
  return true;
}

std::uint32_t HeapFallback::blocks() const { return count_ - bits::count(free_.load()); }

bool HeapFallback::reserve(std::uint32_t size) {
  const auto fits = [size, this](std::uint32_t seen) { return size <= limit_ - seen; };
  return fits(in_use_.update([&](std::uint32_t seen) { return fits(seen) ? seen + size : seen; }));
}

void HeapFallback::unreserve(std::uint32_t size) {
  in_use_.update([size](std::uint32_t seen) { return seen - size; });
}

}  // namespace millpond
