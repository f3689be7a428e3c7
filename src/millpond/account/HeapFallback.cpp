// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/account/HeapFallback.h"

#include "millpond/base/Counter.h"

namespace millpond {

void* HeapFallback::allocate(std::size_t size, const char* source) {
  MILLPOND_REQUIRE(size != 0);
  void* memory = nullptr;
  if (!Port::inInterrupt()) {
    releaseFreed();  // here rather than in `take`, so that its stack is not below that of `take`
    memory = take(size, source);
  }
  if (memory == nullptr) counter::increment(refused_);
  return memory;
}

// Context: task.
void* HeapFallback::take(std::size_t size, const char* source) {
  if (!reserve(size)) return nullptr;
  const auto bytes = static_cast<std::uint32_t>(size);
  Record* const record = takeRecord();
  void* const memory = record != nullptr ? fill(*record, bytes, source) : nullptr;
  if (memory == nullptr) giveUp(bytes);
  return memory;
}

// Returns: a record that was free, or nullptr.
inline HeapFallback::Record* HeapFallback::takeRecord() {
  for (Record& record : all()) {
    void* seen = record.address.load();
    if (seen == nullptr)
      seen = record.address.update([](void* now) MILLPOND_INLINED { return now == nullptr ? busy() : now; });
    if (seen == nullptr) return &record;
  }
  return nullptr;
}

inline void* HeapFallback::fill(Record& record, std::uint32_t size, const char* source) {
  record.source.store(source);
  record.holding.open(size);
  void* memory = heap_->allocate(heap_->context, size, std::size_t{1} << alignment_shift_);
  if (memory != nullptr) {
    record.since.store(Port::ticks());
    record.task.set();
    // Only now, and not from `reserved_`, which may include requests that the heap refuses.
    counter::raise(
        peak_, in_use_.update([size](std::uint32_t seen) MILLPOND_INLINED { return seen + size; }) + size);
  }
  record.address.storeOrdered(memory);  // last, so that a record with an address is complete
  return memory;
}

HeapFallback::Record* HeapFallback::find(const void* pointer) const {
  if (!isHeld(pointer)) return nullptr;
  for (Record& record : all()) {
    if (record.address.load() == pointer) return &record;
  }
  return nullptr;
}

bool HeapFallback::deallocate(void* pointer) {
  Record* record = find(pointer);
  if (record == nullptr || record->holding.owners() != 1) return false;
  // The caller that changes the address is the one that frees the block: a task gives it back, an interrupt
  // marks it for the next task to give back. The address itself is compared, so that a late double free does
  // not affect the block that the record has by then.
  const bool in_interrupt = Port::inInterrupt();
  void* const gone = in_interrupt ? freed(pointer) : busy();
  const void* seen =
      record->address.update([=](void* held) MILLPOND_INLINED { return held == pointer ? gone : held; });
  if (seen != pointer) return false;
  if (in_interrupt) return true;
  giveBack(*record, pointer);
  releaseFreed();
  return true;
}

std::size_t HeapFallback::releaseFreed() {
  std::size_t bytes = 0;
  for (Record& record : all()) {
    void* const address = record.address.load();
    if (address == nullptr || address == busy() || isHeld(address)) continue;
    const void* seen = record.address.update([address](void* now)
                                                 MILLPOND_INLINED { return now == address ? busy() : now; });
    if (seen == address) bytes += giveBack(record, unfreed(address));
  }
  return bytes;
}

// Gives the block of a record that the caller has marked busy back to the heap. Returns: its bytes.
std::uint32_t HeapFallback::giveBack(Record& record, void* address) {
  const std::uint32_t size = record.holding.size();
  in_use_.update([size](std::uint32_t seen) MILLPOND_INLINED { return seen - size; });
  heap_->release(heap_->context, address, size);
  record.address.storeOrdered(nullptr);  // after its size was read, which the next holder writes
  giveUp(size);
  return size;
}

// As `run_pool::resetPeak`.
void HeapFallback::resetPeak() {
  peak_.update([](std::uint32_t) MILLPOND_INLINED { return 0U; });
  counter::raise(peak_, in_use_.loadOrdered());
}

std::uint32_t HeapFallback::blocks() const {
  std::uint32_t blocks = 0;
  for (const Record& record : all()) blocks += record.address.load() != nullptr ? 1 : 0;
  return blocks;
}

inline bool HeapFallback::reserve(std::size_t size) {
  const auto fits = [size, limit = limit()](std::uint32_t seen)
                        MILLPOND_INLINED { return size <= limit - seen; };
  return fits(reserved_.update([=](std::uint32_t seen) MILLPOND_INLINED {
    return fits(seen) ? seen + static_cast<std::uint32_t>(size) : seen;
  }));
}

void HeapFallback::giveUp(std::uint32_t size) {
  reserved_.update([size](std::uint32_t seen) MILLPOND_INLINED { return seen - size; });
}

}  // namespace millpond
