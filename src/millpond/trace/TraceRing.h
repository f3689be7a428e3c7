// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <bit>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/PoolId.h"
#include "millpond/port/BuildOptions.h"
#include "millpond/port/Port.h"
#include "millpond/trace/TraceKind.h"

namespace millpond {

/// Whether this build records a trace: CONFIG_MILLPOND_TRACE_RECORDS. If not, nothing below makes any code.
inline constexpr bool trace_on = CONFIG_MILLPOND_TRACE_RECORDS != 0;

/// An event as the hot path writes it.
struct TraceRecord {
  static constexpr unsigned kind_shift = 28;
  static constexpr unsigned pool_shift = 25;
  static constexpr unsigned task_shift = 24;
  static constexpr unsigned block_bits = 10;
  static constexpr std::uint32_t block_mask = (1U << block_bits) - 1;
  static constexpr std::uint32_t task_bit = 1U << task_shift;
  static constexpr std::uint32_t size_mask = task_bit - 1;
  static constexpr std::uint32_t key_mask = UINT32_MAX >> block_bits;

  /// Sums, because they cost the writer less than masks; the block, whose bits `where` has alone, undoes
  /// them.
  struct Body {
    /// The source's address, shifted left by 10, plus the place: see `tracePlace`.
    std::uint32_t where = 0;
    /// The place, plus a bit that is set in a task and clear in an interrupt, plus 24 bits of size.
    std::uint32_t what = 0;

    std::uint32_t block() const { return where & block_mask; }
    /// From the top: 4 bits of kind, 3 of pool, the bit of the task, 24 of size.
    std::uint32_t parts() const { return what - block(); }
    /// The low 22 bits of the source's address.
    std::uint32_t sourceKey() const {
      return (where - block() - (parts() & ~(task_bit | size_mask))) >> block_bits;
    }
  };

  /// The clock with its lowest bit set; 0 while the record is empty. Written last.
  Word time;
  Body body;
};
static_assert(sizeof(TraceRecord) == 12);
static_assert(max_pools <= 8);

/// The kind, the pool's row and a block's index in one word: the first two where a record has them, and in
/// the low bits the index, which a constant pool leaves to an addition.
MILLPOND_INLINE constexpr std::uint32_t tracePlace(TraceKind kind, PoolId pool, std::uint32_t block) {
  return static_cast<std::uint32_t>(kind) << TraceRecord::kind_shift |
         static_cast<std::uint32_t>(pool) << TraceRecord::pool_shift | block;
}

/// The events of one core that were not drained yet. Any number of tasks and interrupts write, one task
/// drains. No caller ever waits: an event that finds the ring full is counted and dropped.
class TraceRing {
 public:
  static constexpr std::uint32_t capacity = trace_on ? CONFIG_MILLPOND_TRACE_RECORDS : 1;
  static_assert(std::has_single_bit(capacity) && capacity <= 65536,
                "Millpond: CONFIG_MILLPOND_TRACE_RECORDS must be a power of two up to 65536, or 0");

  /// Effect: appends a record. Records are in order of their times, because the clock is read in the same
  /// atomic step that reserves the record. Cost: constant, one read-modify-write. Context: any.
  MILLPOND_INLINE void put(std::uint32_t where, std::uint32_t what) {
    std::uint32_t time = 0;
    bool full = false;
    const std::uint32_t at = head_.update([&](std::uint32_t head) MILLPOND_INLINED {
      // On another core this may load a limit that the head has passed since. Then the ring counts as full.
      full = static_cast<std::int32_t>(limit_.loadOrdered() - head) <= 0;
      time = now<Port>();
      return full ? head : head + 1;
    });
    if (full) [[unlikely]]
      return countLost();
    std::uint32_t offset = at % capacity * sizeof(TraceRecord);
    asm("" : "+r"(offset));  // else each member's address is computed by itself
    auto* const record = reinterpret_cast<TraceRecord*>(reinterpret_cast<std::byte*>(records_) + offset);
    record->body = {where, what};
    record->time.storeOrdered(time | 1U);
  }

  /// The oldest record; nullptr if there is none, or if its writer has not finished. Context: one task.
  TraceRecord* oldest() {
    TraceRecord& record = records_[limit_.load() % capacity];
    return record.time.loadOrdered() != 0 ? &record : nullptr;
  }
  /// Effect: frees the oldest record. Requires: there is one.
  void remove() {
    const std::uint32_t limit = limit_.load();
    records_[limit % capacity].time.store(0);
    limit_.storeOrdered(limit + 1);
  }
  /// Events that found the ring full. Never falls; stays at 2^32 - 1.
  std::uint32_t lost() const { return lost_.load(); }

  /// The clock of the records: the processor's cycles if the port counts them, else microseconds.
  template <class P>
  MILLPOND_INLINE static std::uint32_t now() {
    if constexpr (requires { P::cycles(); }) return P::cycles();
    return static_cast<std::uint32_t>(P::micros());
  }

 private:
  // Inlined, so that the hot functions call nothing and need no stack frame.
  MILLPOND_INLINE void countLost() {
    lost_.update([](std::uint32_t lost) MILLPOND_INLINED { return lost + (lost != UINT32_MAX ? 1U : 0U); });
  }

  Word head_;
  Word limit_{capacity};  // the head at which the ring is full
  Word lost_;
  TraceRecord records_[capacity];
};

/// The cores of a port: 1, unless it counts them.
template <class P>
constexpr std::uint32_t coresOf() {
  if constexpr (requires { P::cores; }) return P::cores;
  return 1;
}

/// The rings, one for each core, and the manager whose events they take.
struct TraceRings {
  template <class P>
  MILLPOND_INLINE static std::uint32_t core() {
    if constexpr (requires { P::core(); }) return P::core();
    return 0;
  }

  MILLPOND_INLINE bool takes(const void* manager) const { return of.load() == manager; }

  /// Effect: appends a record. `place`: as `tracePlace`; `size`: with the bit of the task above it. Context:
  /// any.
  MILLPOND_INLINE void put(std::uint32_t place, std::uint32_t size, const char* source) {
    const auto address = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(source));
    ring[core<Port>()].put((address << TraceRecord::block_bits) + place, place + size);
  }
  /// The bit of the task, if `set`.
  MILLPOND_INLINE static std::uint32_t taskBit(bool set) {
    return std::uint32_t{set} << TraceRecord::task_shift;
  }
  /// As above, with a record before it that has the whole address of the source: for events without a block
  /// whose ledger entry has it.
  MILLPOND_HOT void putWithSource(std::uint32_t place, std::size_t size, const char* source);

  Port::Atomic<void*> of;
  static constexpr std::uint32_t cores = coresOf<Port>();
  TraceRing ring[cores];
};

extern TraceRings trace_rings;
/// The same by an address that the compiler does not know, so that it does not compute one for each member.
MILLPOND_INLINE TraceRings& traceRings() {
  TraceRings* rings = &trace_rings;
  asm("" : "+r"(rings));
  return *rings;
}

}  // namespace millpond
