// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/HeapFallback.h"

#include "millpond/Bits.h"
#include "millpond/Counter.h"

namespace millpond {

void* HeapFallback::allocate(std::size_t size, const char* source) {
  void* memory = nullptr;
  if (!Port::inInterrupt()) {
    releaseFreed();
    if (reserve(size)) memory = take(static_cast<std::uint32_t>(size), source);
  }
  if (memory == nullptr) counter::increment(refused_);
  return memory;
}

// For the bytes that were reserved.
void* HeapFallback::take(std::uint32_t size, const char* source) {
  const std::uint32_t record = takeRecord();
  void* const memory = record != 0 ? fill(records_[bits::lowest(record)], size, source) : nullptr;
  if (memory == nullptr) giveUp(record, size);
  return memory;
}

// Returns: the bit of a record that was free, or 0.
std::uint32_t HeapFallback::takeRecord() {
  const std::uint32_t all = bits::ones(setup_->records);
  const auto lowestFree = [all](std::uint32_t held) { return bits::lowestBit(all & ~held); };
  return lowestFree(held_.update([=](std::uint32_t held) { return held | lowestFree(held); }));
}

void* HeapFallback::fill(Record& record, std::uint32_t size, const char* source) {
  void* memory = heap_->allocate(heap_->context, size, setup_->alignment);
  if (memory == nullptr) return nullptr;
  record.source.store(source);
  record.holding.open(size);
  record.since.store(Port::ticks());
  record.address.storeOrdered(memory);  // last, so that a record with an address is complete
  // Only now, and not with what was reserved: that may be for requests that the heap refuses.
  counter::raise(peak_, in_use_.update([size](std::uint32_t seen) { return seen + size; }) + size);
  return memory;
}

HeapFallback::Record* HeapFallback::find(const void* pointer) {
  if (!isHeld(pointer)) return nullptr;
  for (std::uint32_t held = held_.load(); held != 0; held = bits::withoutLowest(held)) {
    Record& record = records_[bits::lowest(held)];
    if (record.address.load() == pointer) return &record;
  }
  return nullptr;
}

bool HeapFallback::deallocate(void* pointer) {
  Record* record = find(pointer);
  if (record == nullptr || record->holding.owners() != 1) return false;
  // Whoever changes the address is the one that frees the block: a task takes it out and gives the block
  // back, an interrupt marks it for the next task to do so. The address itself is compared, so that a late
  // second free does nothing to the block that the record has by then.
  const bool in_interrupt = Port::inInterrupt();
  void* const gone = in_interrupt ? freed(pointer) : nullptr;
  void* seen = record->address.update([=](void* held) { return held == pointer ? gone : held; });
  if (seen != pointer) return false;
  if (in_interrupt) return true;
  giveBack(static_cast<std::uint32_t>(record - records_), pointer);
  releaseFreed();
  return true;
}

std::size_t HeapFallback::releaseFreed() {
  std::size_t bytes = 0;
  for (std::uint32_t held = held_.load(); held != 0; held = bits::withoutLowest(held)) {
    const std::uint32_t record = bits::lowest(held);
    void* const address = records_[record].address.load();
    if (address == nullptr || isHeld(address)) continue;
    const void* seen =
        records_[record].address.update([address](void* now) { return now == address ? nullptr : now; });
    if (seen == address) bytes += giveBack(record, unfreed(address));
  }
  return bytes;
}

// Gives the block of a record, whose address the caller took out, back to the heap. Returns: its bytes.
std::uint32_t HeapFallback::giveBack(std::uint32_t record, void* address) {
  const std::uint32_t size = records_[record].holding.size();
  in_use_.update([size](std::uint32_t seen) { return seen - size; });
  heap_->release(heap_->context, address, size);
  giveUp(std::uint32_t{1} << record, size);
  return size;
}

bool HeapFallback::reserve(std::size_t size) {
  const auto fits = [size, limit = limit()](std::uint32_t seen) { return size <= limit - seen; };
  return fits(reserved_.update(
      [=](std::uint32_t seen) { return fits(seen) ? seen + static_cast<std::uint32_t>(size) : seen; }));
}

// The record whose bit is given, if any, and the bytes reserved for it.
void HeapFallback::giveUp(std::uint32_t record, std::uint32_t size) {
  held_.clearBits(record);
  reserved_.update([size](std::uint32_t seen) { return seen - size; });
}

}  // namespace millpond
