// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Heap.h"
#include "millpond/Hot.h"
#include "millpond/account/Holding.h"
#include "millpond/account/TaskTag.h"
#include "millpond/base/Require.h"
#include "millpond/port/Port.h"

namespace millpond {

/// The bounded heap fallback for requests that the pools cannot serve: too large, or the pool is empty.
///
/// - At most `limit` bytes and one block per record are outstanding; further requests are refused.
/// - Every block is recorded in a fixed side table and found by its address, so a foreign pointer is refused
///   without being dereferenced.
/// - Safe from any thread. An interrupt must not call the heap, so its allocations are refused. A block that
///   it frees has no owner from then on, and the next task that calls the fallback gives it back to the heap.
class HeapFallback {
 public:
  struct Record {
    /// nullptr while the record is free; 1 while it is filled or its block is given back; the block's address
    /// plus one if the block was freed in an interrupt and is yet to be given back.
    Port::Atomic<void*> address;
    SourceTag source;
    Holding holding;
    Word since;
    [[no_unique_address]] TaskTag task;
  };
  static constexpr std::size_t max_records = 32;

  /// The parameters of a fallback: its records, from 1 to `max_records`; the bytes that may be outstanding;
  /// and the alignment of each block.
  struct Setup {
    std::uint32_t records;
    std::uint32_t limit;
    std::uint32_t alignment;
  };

  /// Requires: as many records as `setup` says, zeroed; they and `heap` outlive the fallback.
  HeapFallback(const Heap& heap, const Setup& setup, Record* records) { setUp(heap, setup, records); }
  /// A fallback without records, until it is set up.
  HeapFallback() = default;
  MILLPOND_INLINE void setUp(const Heap& heap, const Setup& setup, Record* records) {
    heap_ = &heap;
    records_ = records;
    limit_ = setup.limit;
    count_ = static_cast<std::uint8_t>(setup.records);
    alignment_shift_ = static_cast<std::uint8_t>(std::countr_zero(setup.alignment));
  }
  HeapFallback(const HeapFallback&) = delete;
  HeapFallback& operator=(const HeapFallback&) = delete;

  /// Effect: takes `size` bytes from the heap, aligned as set up. Requires: size > 0.
  /// Returns: the memory, or nullptr, counted in `refused`: over the limit, no free record, no memory in the
  /// heap, or called from an interrupt. Cost: the heap's. Context: task.
  MILLPOND_HOT void* allocate(std::size_t size, const char* source);

  /// Effect: gives the block back to the heap; in an interrupt, leaves that to the next task that calls this,
  /// `allocate` or `releaseFreed`. Returns: false, with nothing changed, if `pointer` is not the start of a
  /// block taken here, or several owners share it. Cost: two comparisons for each record, and in a task the
  /// heap's.
  /// Context: any.
  MILLPOND_HOT bool deallocate(void* pointer);

  /// Effect: gives the blocks that interrupts freed back to the heap. Returns: the bytes given back. Cost:
  /// one comparison for each record, and the heap's. Context: task.
  std::size_t releaseFreed();

  /// Whether a record's `address` is that of a held block.
  MILLPOND_INLINE static bool isHeld(const void* address) {
    return address != nullptr && reinterpret_cast<std::uintptr_t>(address) % 2 == 0;
  }

  /// The record of the held block that starts at `pointer`, or nullptr. Cost: one comparison for each record.
  /// Context: any.
  MILLPOND_HOT Record* find(const void* pointer) const;

  /// The index of that block's record; `none` if there is none. Cost, context: as above.
  static constexpr std::uint32_t none = UINT32_MAX;
  MILLPOND_INLINE std::uint32_t indexOf(const void* pointer) const {
    const Record* const record = find(pointer);
    return record != nullptr ? static_cast<std::uint32_t>(record - records_) : none;
  }

  /// The heap; a heap without memory before the constructor has run: in zeroed memory, everything below is 0
  /// then.
  const Heap& heap() const { return heap_ != nullptr ? *heap_ : no_heap; }

  /// Bytes outstanding at this moment: those of requests that the heap served and that were not given back
  /// yet.
  MILLPOND_HOT std::uint32_t inUse() const { return in_use_.load(); }
  /// The most bytes that were outstanding at once since the last `resetPeak`.
  MILLPOND_HOT std::uint32_t peak() const { return peak_.load(); }
  /// Effect: restarts the peak from what is outstanding now. Context: task.
  void resetPeak();
  /// Blocks outstanding or requested at this moment.
  MILLPOND_HOT std::uint32_t blocks() const;
  /// Requests refused. Never falls; stays at 2^32 - 1.
  MILLPOND_HOT std::uint32_t refused() const { return refused_.load(); }

  /// The record of block `index`, whose address is 0 if there is none. Requires: index < records().
  const Record& at(std::uint32_t index) const {
    MILLPOND_REQUIRE(index < records());
    return records_[index];
  }
  std::uint32_t records() const { return count_; }
  MILLPOND_HOT std::uint32_t limit() const { return limit_; }

 private:
  static constexpr Heap no_heap{
      .allocate = [](void*, std::size_t, std::size_t) { return static_cast<void*>(nullptr); },
      .release = [](void*, void*, std::size_t) {}};

  MILLPOND_INLINE static void* freed(void* address) { return static_cast<std::byte*>(address) + 1; }
  static void* unfreed(void* address) { return static_cast<std::byte*>(address) - 1; }
  MILLPOND_INLINE static void* busy() {
    return reinterpret_cast<void*>(std::uintptr_t{1});  // NOLINT(performance-no-int-to-ptr)
  }
  MILLPOND_HOT std::span<Record> all() const { return {records_, count_}; }
  void* take(std::size_t size, const char* source);
  bool reserve(std::size_t size);
  void giveUp(std::uint32_t size);
  Record* takeRecord();
  void* fill(Record& record, std::uint32_t size, const char* source);
  std::uint32_t giveBack(Record& record, void* address);

  const Heap* heap_ = nullptr;
  Record* records_ = nullptr;
  std::uint32_t limit_ = 0;
  Word reserved_;  // bytes outstanding or requested
  Word in_use_;
  Word peak_;
  Word refused_;
  // Last, so that the manager has room for its own count of pools behind them.
  std::uint8_t count_ = 0;
  std::uint8_t alignment_shift_ = 0;
};

}  // namespace millpond
