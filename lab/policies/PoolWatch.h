// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "lab/policies/PoolSet.h"
#include "millpond/EventBus.h"
#include "millpond/LeakWatch.h"
#include "millpond/StaticMemoryManager.h"

namespace millpond::lab {

/// The library's `LeakWatch` over a set of pools, as a firmware has it. The queue of its events lies outside
/// of the device's RAM, so that watching changes nothing.
class PoolWatch {
 public:
  using Suspect = std::function<void(const char* source, const void* block)>;

  explicit PoolWatch(PoolSet& pools)
      : pools_(pools), seen_(places(pools)), watch_(pools, bus_, seen_, habits_) {
    bus_.subscribe(LeakSuspected::event, note, EventPriority::normal, this);
  }
  PoolWatch(const PoolWatch&) = delete;
  PoolWatch& operator=(const PoolWatch&) = delete;

  /// Effect: polls the watch and calls `suspect` for each block that it newly suspects.
  void poll(const Suspect& suspect) {
    watch_.poll();
    if (bus_.queued() == 0) return;
    suspect_ = &suspect;
    bus_.processEvents();
  }

 private:
  /// As `StaticLeakWatch`, for pools whose sizes a scenario gives.
  class Watch : public LeakWatch {
   public:
    using LeakWatch::Habit;
    using LeakWatch::Seen;
    Watch(PoolSet& pools, EventBus& bus, std::vector<Seen>& seen, std::array<Habit, 8>& habits)
        : LeakWatch(pools, &bus, seen, habits) {}
  };

  static std::size_t places(const PoolSet& pools) {
    return pools.configuration().blocks() + pools.configuration().max_heap_blocks;
  }

  static void note(void* self, const Event& event) {
    const auto& own = *static_cast<PoolWatch*>(self);
    const auto& suspected = *event.as<LeakSuspected>();
    for (const LiveBlock& block : own.pools_.liveBlocks()) {
      if (block.pool == suspected.pool && block.index == suspected.index) {
        (*own.suspect_)(suspected.source, block.address);
      }
    }
  }

  PoolSet& pools_;
  StaticMemoryManager<> bus_memory_;
  EventBus bus_{bus_memory_, {.capacity = EventBus::max_capacity}};
  std::vector<Watch::Seen> seen_;
  std::array<Watch::Habit, 8> habits_;
  Watch watch_;
  const Suspect* suspect_ = nullptr;
};

}  // namespace millpond::lab
