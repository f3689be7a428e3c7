// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/EventBus.h"
#include "millpond/MemoryEvents.h"
#include "millpond/MemoryManager.h"

namespace millpond {

/// Learns how long each source's blocks live and reports those that live far longer. It needs no threshold.
///
/// - It inspects the held blocks from time to time, so it adds no cost to an allocation. From a block that is
///   gone it learns the longest that the block can have lived: until this inspection. A source's usual age is
///   the longest such life. It fades by a sixteenth a day, so that an outage that made blocks wait is
///   remembered for weeks.
/// - A block is suspected if it is eight times older than the usual age and its source has given back at
///   least eight blocks, or if it is as old as an age set by hand. The first inspection that sees a block
///   never suspects it.
/// - A suspected block that is given back shows that such a life is usual, and is an event too.
/// - From a source that never frees a block nothing can be learnt: only an age set by hand finds its leaks.
///   Blocks with different lives need different sources. The queue of an `EventBus` is never suspected.
///
///     StaticLeakWatch<MemoryConfig{}> watch(memory, &bus);
///     every second: watch.poll();
class LeakWatch {
 public:
  LeakWatch(const LeakWatch&) = delete;
  LeakWatch& operator=(const LeakWatch&) = delete;

  /// Effect: from now on a block of this age is suspected, however long its source's blocks usually live. 0,
  /// the default: no block is suspected by age alone. Context: as `poll`.
  void setAge(std::uint64_t age_ms) { age_ms_ = age_ms; }

  /// Effect: inspects every held block; publishes an event for each block newly suspected or no longer
  /// suspected.
  /// Requires: no other call of the watch is in progress. Returns: the blocks suspected at this moment.
  /// Cost: two reads for each block of the configuration, and for each held one a step for each source.
  /// Context: task.
  std::size_t poll();

  /// The longest life of `source`'s blocks, as learnt, in milliseconds; 0 if too little was learnt yet.
  /// nullptr: of blocks without a source. Context: as `poll`.
  std::uint64_t usualAge(const char* source) const;

  /// The multiple of the usual age that is suspect, and how many of a source's blocks must be gone before
  /// that.
  static constexpr std::uint64_t suspect_factor = 8;
  static constexpr std::uint32_t least_lives = 8;

 protected:
  /// One row for each block: what was last seen there.
  struct Seen {
    const char* source = nullptr;  // nullptr: nothing
    std::uint32_t since = 0;
    bool confirmed = false;  // by a second look
    bool suspected = false;
  };
  /// What was learnt about a source.
  struct Habit {
    const char* source = nullptr;
    std::uint64_t usual_ms = 0;
    std::uint32_t lives = 0;
  };
  LeakWatch(MemoryManager& memory, EventBus* bus, std::span<Seen> seen, std::span<Habit> habits)
      : core_(memory.core()), bus_(bus), seen_(seen), habits_(habits), faded_at_(Port::ticks()) {}
  ~LeakWatch() = default;

 private:
  void fade();
  std::uint64_t learn(const Seen& gone);
  bool isOverdue(const LiveBlock& block) const;
  bool byHand(const LiveBlock& block) const { return age_ms_ != 0 && block.age_ms >= age_ms_; }
  void tell(const LiveBlock& block) const;
  void tellCleared(const Seen& seen, const LiveBlock& place, std::uint64_t age_ms, bool came_back) const;
  Habit* habitOf(const char* source);

  ManagerCore& core_;
  EventBus* bus_;
  std::span<Seen> seen_;
  std::span<Habit> habits_;
  std::uint64_t age_ms_ = 0;
  // The ticks of this inspection and of the two before it; 0 if there was none.
  std::uint32_t now_ = 0;
  std::uint32_t looked_ = 0;
  std::uint32_t looked_before_ = 0;
  std::uint32_t faded_at_;
};

/// A `LeakWatch` with its memory, for a manager of `config` and up to `sources` sources. Nothing is learnt
/// about further sources.
template <MemoryConfig config = MemoryConfig{}, std::size_t sources = 8>
class StaticLeakWatch : public LeakWatch {
 public:
  /// Effect: watches `memory`, and publishes suspects on `bus`, if any. Both must outlive it. Context: task.
  explicit StaticLeakWatch(StaticMemoryManager<config>& memory, EventBus* bus = nullptr)
      : LeakWatch(memory, bus, seen_memory_, habit_memory_) {}

 private:
  std::array<Seen, config.blocks() + config.max_heap_blocks> seen_memory_;
  std::array<Habit, sources> habit_memory_;
};

}  // namespace millpond
