// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/EventBus.h"
#include "millpond/MemoryEvents.h"
#include "millpond/MemoryManager.h"
#include "millpond/PressureLevel.h"

namespace millpond {

/// A component's way to give memory back: a name, a priority (lower runs first), and about how many bytes it
/// can yield. Registered by `Pressure::add`, with one `Pressure` at a time; it must outlive its registration,
/// which `Pressure::remove` ends and nothing else. Its name is told by queued events, so it lives as a
/// `source` does: see `MemoryManager`.
class Reclaimer {
 public:
  /// Returns: the bytes it gave back. It may allocate, and add and remove reclaimers, itself included.
  using Callback = std::size_t (*)(void* context, PressureLevel level);

  Reclaimer(const char* name, std::uint8_t priority, std::size_t estimate, Callback callback, void* context)
      : name_(name), callback_(callback), context_(context), estimate_(estimate), priority_(priority) {}
  Reclaimer(const Reclaimer&) = delete;
  Reclaimer& operator=(const Reclaimer&) = delete;

  const char* name() const { return name_; }
  std::size_t estimate() const { return estimate_; }
  /// How often it ran, and the bytes it gave back in all. Never fall; stay at 2^32 - 1.
  std::uint32_t runs() const { return runs_.load(); }
  std::uint32_t yielded() const { return yielded_.load(); }

 private:
  friend class Pressure;
  const char* name_;
  Callback callback_;
  void* context_;
  std::size_t estimate_;
  Reclaimer* next_ = nullptr;
  Word runs_;
  Word yielded_;
  std::uint8_t priority_;
  bool due_ = false;  // whether it is still to run in the present round
  bool registered_ = false;
};

/// What an emergency cleanup gave back, and who did.
struct CleanupReport {
  struct Item {
    const char* name = nullptr;
    std::size_t bytes = 0;
  };
  std::size_t bytes = 0;
  /// The first of those that ran, in order; `bytes` includes those beyond them.
  std::array<Item, 8> items;
  std::size_t count = 0;
};

/// Watches how short memory is, in three levels, and does something about it.
///
/// - Inputs: the heap's free bytes, its largest free block, and how full the pools are, each with its limits
///   and hysteresis in `MemoryConfig`. What the heap cannot say does not count. What is done about pressure
///   never raises an input: a pool given back still counts, as an empty one, and is taken again only where
///   that leaves the heap clear of warning.
/// - A level rises at once; it falls when all inputs were lower for `pressure_calm_ms`, so that noise
///   around a limit makes one event.
/// - It observes the memory manager: the level follows every exhaustion, fallback and free to the heap at
///   once, in any task, for the cost of `MemoryManager::occupancy` and of asking the heap for its free bytes;
///   everything else, the largest free block too, is seen by `poll`.
/// - Reclaimers run in `poll` only, in the task that calls it, so that none runs inside somebody else's
///   allocation, under somebody else's lock, or in an interrupt. They run after each rise, and again every
///   `pressure_calm_ms` while the level stays, in order of priority until the level would fall.
/// - At critical, reclaimable pools that nobody uses go back to the heap; after `reacquire_after_ms` of
///   normal they are taken again, or it is tried again after as long.
/// - A clock that is set back makes a time start again: the level falls later. What it is then set forward by
/// counts
///   as time that passed.
///
///     Pressure pressure(memory, &bus);
///     Reclaimer backlog("backlog", 0, 19200, dropOldest, this);
///     pressure.add(backlog);
///     while (true) pressure.poll(), sleep();
class Pressure {
 public:
  /// Effect: observes `memory` and tells `bus`, where there is one, of every change. Both outlive it, and so
  /// does `setup`, which a `StaticMemoryManager` brings with it. Where `memory` has another observer, or is
  /// not made yet, the new one is not `ready()`: it does nothing, and the other is told as before.
  /// Context: task.
  Pressure(MemoryManager& memory, const PressureSetup& setup, EventBus* bus);
  template <MemoryConfig config>
  explicit Pressure(StaticMemoryManager<config>& memory, EventBus* bus = nullptr)
      : Pressure(memory, memory.pressureSetup(), bus) {}
  Pressure(const Pressure&) = delete;
  Pressure& operator=(const Pressure&) = delete;
  /// Requires: nobody uses `memory` in another task meanwhile.
  ~Pressure();

  /// Whether it observes the memory manager. If not, the level stays normal, nothing registers, and no call
  /// changes anything.
  bool ready() const { return ready_; }

  PressureLevel level() const { return static_cast<PressureLevel>(level_.load()); }

  /// Effect: gives back to the heap what interrupts freed, looks at the inputs, then runs what is due:
  /// reclaimers, giving pools back, taking them again. A call while another is under way, or in an interrupt,
  /// changes nothing. Returns: the level. Context: any that reaches flash; effect: task.
  PressureLevel poll();

  /// Effect: registers, behind those of the same priority. Returns: false, with nothing changed, where it is
  /// registered already, here or elsewhere, or has no callback. Context: task.
  bool add(Reclaimer& reclaimer);

  /// Effect: ends a registration. Where another task is about to run the reclaimer or runs it, this returns
  /// before the callback does: its context must outlast that, the reclaimer need not.
  /// Returns: false, with nothing changed, where it is not registered here. Context: task.
  bool remove(Reclaimer& reclaimer);

  /// Effect: runs every reclaimer as if critical and gives back every idle reclaimable pool. Where a `poll`
  /// or another cleanup is under way, nothing. Returns: how much that freed, for each reclaimer. Context:
  /// task.
  CleanupReport emergencyCleanup();

  /// Pools given back and taken again. Never fall; stay at 2^32 - 1.
  std::uint32_t releases() const { return releases_.load(); }
  std::uint32_t reacquires() const { return reacquires_.load(); }

 private:
  enum Input : std::uint8_t { free_heap, largest_block, occupancy, inputs };

  static constexpr std::uint64_t never = UINT64_MAX;

  // What is needed to run a reclaimer that may be removed, and gone, at any moment.
  struct Turn {
    const Reclaimer* of;  // nullptr: no more is due
    const char* name;
    Reclaimer::Callback callback;
    void* context;
  };

  MILLPOND_HOT static void onMemoryEvent(void* self, const MemoryEvent& event);
  MILLPOND_HOT static void onMemoryMoved(void* self);
  void look();
  void evaluate();
  PressureLevel measure();
  void settle(PressureLevel seen);
  void change(PressureLevel to);
  void act(std::uint64_t now);
  void reclaim(bool risen, CleanupReport* report);
  std::size_t run(const Turn& turn, PressureLevel level, bool risen);
  std::size_t releasePools();
  void reacquirePools();
  static bool passed(std::uint64_t& since, std::uint64_t now, std::uint32_t ms);
  void startRound();
  Turn nextDue();

  MemoryManager& memory_;
  const PressureSetup& setup_;
  EventBus* bus_;
  MemoryObserver observer_;
  Reclaimer* reclaimers_ = nullptr;  // in order of priority, then of registration
  Port::TaskMutex list_;
  Word level_;
  Word seen_;     // what the inputs last said, whatever the level
  Word largest_;  // the heap's largest free block at the last look
  Word risen_;
  Word evaluating_;
  Word acting_;
  Word releases_;
  Word reacquires_;
  // These belong to the task that evaluates ...
  std::array<PressureLevel, inputs> levels_{};
  PressureChanged::Figures figures_{};
  std::uint64_t lower_since_ = never;
  // ... and these to the one that acts.
  std::uint64_t reclaimed_at_ = 0;
  std::uint64_t normal_since_ = never;
  bool ready_ = false;
};

}  // namespace millpond
