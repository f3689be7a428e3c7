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

/// Learns how long each source's blocks live and points at those that live far longer: no threshold to set.
///
/// - It looks at the held blocks from time to time, so it costs an allocation nothing. Of a block that is
/// gone
///   it learns how long that lived at most: until this look. A source's usual age is the longest such life;
///   it fades by a sixteenth a day, so that an outage that made blocks wait is remembered for weeks.
/// - A block is suspected when it is eight times older than that, and its source has given back at least
///   eight; or when it is as old as an age set by hand. The first look that sees a block never suspects it.
/// - A suspect that comes back teaches that such a life is usual, and is an event too.
/// - A source that never frees anything teaches nothing: only the age set by hand finds its leaks. Blocks
/// that
///   live differently need different sources. The queue of an `EventBus` is never suspected.
///
///     StaticLeakWatch<MemoryConfig{}> watch(memory, &bus);
///     every second: watch.poll();
class LeakWatch {
 public:
  LeakWatch(const LeakWatch&) = delete;
  LeakWatch& operator=(const LeakWatch&) = delete;

  /// Effect: from now on a block this old is suspected, whatever its source's habits. 0, the default: none
  /// is. Context: as `poll`.
  void setAge(std::uint64_t age_ms) { age_ms_ = age_ms; }

  /// Effect: looks at every held block; each one newly suspected, or no longer so, is an event.
  /// Requires: no other call of the watch is under way. Returns: the blocks under suspicion just now.
  /// Cost: two looks a block of the configuration, and for each held one a step a source. Context: task.
  std::size_t poll();

  /// How long `source`'s blocks live at most, as learnt, in milliseconds; 0 where it taught too little yet.
  /// nullptr: of those without a source. Context: as `poll`.
  std::uint64_t usualAge(const char* source) const;

  /// How much older than usual is suspect, and how many of a source's blocks must have gone before that.
  static constexpr std::uint64_t suspect_factor = 8;
  static constexpr std::uint32_t least_lives = 8;

 protected:
  /// A place for a block: what was last seen there.
  struct Seen {
    const char* source = nullptr;  // nullptr: nothing
    std::uint32_t since = 0;
    bool confirmed = false;  // by a second look
    bool suspected = false;
  };
  /// What a source taught.
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
  // Of this look and the two before it; 0 where there was none.
  std::uint32_t now_ = 0;
  std::uint32_t looked_ = 0;
  std::uint32_t looked_before_ = 0;
  std::uint32_t faded_at_;
};

/// A `LeakWatch` with its memory, for a manager of `config` and up to `sources` sources; further ones teach
/// nothing.
template <MemoryConfig config = MemoryConfig{}, std::size_t sources = 8>
class StaticLeakWatch : public LeakWatch {
 public:
  /// Effect: watches `memory`, and tells `bus`, where there is one, of suspects. Both outlive it.
  explicit StaticLeakWatch(StaticMemoryManager<config>& memory, EventBus* bus = nullptr)
      : LeakWatch(memory, bus, seen_memory_, habit_memory_) {}

 private:
  std::array<Seen, config.blocks() + config.max_heap_blocks> seen_memory_;
  std::array<Habit, sources> habit_memory_;
};

}  // namespace millpond
