// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Bits.h"
#include "millpond/Heap.h"
#include "millpond/Holding.h"
#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// The capped way to the heap for what the pools cannot serve: too large, or the pool is empty.
///
/// - At most `limit` bytes and one block a record are outstanding; beyond that a request is refused.
/// - Every block is written down in a fixed side table and found by its address, so a foreign pointer is
///   refused without ever being read through.
/// - Safe from any thread; refused in interrupts, where the heap may not be called.
class HeapFallback {
 public:
  struct Record {
    Port::Atomic<void*> address;  // nullptr while the record is free or being filled
    SourceTag source;
    Holding holding;
    Word since;
  };
  static constexpr std::size_t max_records = 32;

  /// Requires: `count` records, from 1 to `max_records`, zeroed; they and `heap` outlive the fallback.
  HeapFallback(const Heap& heap, Record* records, std::uint32_t count, std::uint32_t limit)
      : heap_(heap), records_(records), count_(count), limit_(limit), free_(bits::ones(count)) {}
  HeapFallback(const HeapFallback&) = delete;
  HeapFallback& operator=(const HeapFallback&) = delete;

  /// Effect: takes `size` bytes from the heap. Requires: size > 0.
  /// Returns: the memory, or nullptr, counted in `refused`: over the limit, no record free, the heap has
  /// none, or called from an interrupt. Cost: the heap's. Context: task.
  MILLPOND_HOT void* allocate(std::size_t size, const char* source);

  /// Effect: gives back to the heap. Returns: false, with nothing changed, where `pointer` is not the start
  /// of a block taken here, several owners share it, or the caller is an interrupt. Cost: one comparison a
  /// record, and the heap's. Context: task.
  MILLPOND_HOT bool deallocate(void* pointer);

  /// The record of the block that starts at `pointer`, or nullptr. Cost: one comparison a record. Context:
  /// any.
  MILLPOND_HOT Record* find(const void* pointer);

  const Heap& heap() const { return heap_; }

  /// Bytes outstanding just now.
  std::uint32_t inUse() const { return in_use_.load(); }
  /// The most bytes that were outstanding at once. Never falls.
  std::uint32_t peak() const { return peak_.load(); }
  /// Blocks outstanding just now.
  std::uint32_t blocks() const;
  /// Requests refused; stays at 2^32 - 1 once there.
  std::uint32_t refused() const { return refused_.load(); }

  /// The record of block `index`, whose address is 0 where there is none. Requires: index < records().
  const Record& at(std::uint32_t index) const { return records_[index]; }
  std::uint32_t records() const { return count_; }
  std::uint32_t limit() const { return limit_; }

 private:
  bool reserve(std::size_t size);
  void giveUp(std::uint32_t record, std::uint32_t size);
  void* fill(std::uint32_t index, std::uint32_t size, const char* source);

  const Heap& heap_;
  Record* records_;
  std::uint32_t count_;
  std::uint32_t limit_;
  Word free_;  // a set bit for each free record
  Word in_use_;
  Word peak_;
  Word refused_;
};

}  // namespace millpond
