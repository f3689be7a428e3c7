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
/// It looks at the held blocks from time to time, so it costs an allocation nothing. What it saw of a block's
/// age when the block is gone is what it learns of its source: a maximum that fades by a sixteenth with each
/// block that lived shorter. A block is suspected once it is eight times older than that, and older than two
/// looks are apart, and its source has freed at least eight blocks; or once it is as old as an age set by
/// hand. A source that never frees anything teaches nothing: only the age set by hand finds its leaks.
///
///     StaticLeakWatch<MemoryConfig{}> watch(memory, &bus);
///     every second: watch.poll();
class LeakWatch {
 public:
  LeakWatch(const LeakWatch&) = delete;
  LeakWatch& operator=(const LeakWatch&) = delete;

  /// Effect: from now on a block this old is suspected, whatever its source's habits. 0, the default: none
  /// is.
  void setAge(std::uint64_t age_ms) { age_ms_ = age_ms; }

  /// Effect: looks at every held block; each one newly suspected is an event. Calls exclude one another.
  /// Returns: the blocks under suspicion just now. Cost: a step a block of the configuration, and for each a
  /// step a source. Context: task.
  std::size_t poll();

  /// How long `source`'s blocks live at most, as learnt, in milliseconds; 0 where it taught too little yet.
  std::uint64_t usualAge(const char* source) const;

  /// How much older than usual is suspect, and how many of a source's blocks must have gone before that.
  static constexpr std::uint64_t suspect_factor = 8;
  static constexpr std::uint32_t least_lives = 8;

 protected:
  /// A place for a block: what was last seen there.
  struct Seen {
    const char* source = nullptr;  // nullptr: nothing
    std::uint32_t since = 0;
    std::uint64_t age_ms = 0;
    bool suspected = false;
  };
  /// What a source taught.
  struct Habit {
    const char* source = nullptr;
    std::uint64_t usual_ms = 0;
    std::uint32_t lives = 0;
  };
  LeakWatch(MemoryManager& memory, EventBus* bus, std::span<Seen> seen, std::span<Habit> habits)
      : memory_(memory), bus_(bus), seen_(seen), habits_(habits) {}
  ~LeakWatch() = default;

 private:
  void learn(Seen& gone);
  void tell(const LiveBlock& block) const;
  bool isSuspect(const Seen& seen) const;
  Habit* habitOf(const char* source);

  MemoryManager& memory_;
  EventBus* bus_;
  std::span<Seen> seen_;
  std::span<Habit> habits_;
  std::uint64_t age_ms_ = 0;
  std::uint32_t last_look_ = 0;
  std::uint64_t between_looks_ms_ = 0;
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
