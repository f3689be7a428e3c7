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

/// How a component gives memory back: a name, a priority (lower runs first), and about how many bytes it can
/// yield. `Pressure::add` registers it, with one `Pressure` at a time. It must outlive its registration,
/// which only `Pressure::remove` ends. Queued events refer to its name, so the name must live as long as a
/// `source`: see `MemoryManager`.
class Reclaimer {
 public:
  /// Returns: the bytes given back. It may allocate, and may add and remove reclaimers, including itself.
  using Callback = std::size_t (*)(void* context, PressureLevel level);

  /// Requires: `name` and `context` live as long as the registration. Context: task.
  Reclaimer(const char* name, std::uint8_t priority, std::size_t estimate, Callback callback, void* context)
      : name_(name), callback_(callback), context_(context), estimate_(estimate), priority_(priority) {}
  Reclaimer(const Reclaimer&) = delete;
  Reclaimer& operator=(const Reclaimer&) = delete;

  /// What it was made with.
  const char* name() const { return name_; }
  std::size_t estimate() const { return estimate_; }
  /// How often it ran, and the total bytes it gave back. Never fall; stay at 2^32 - 1.
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
  bool due_ = false;  // whether it has yet to run in the present round
  bool registered_ = false;
};

/// What an emergency cleanup gave back, by reclaimer.
struct CleanupReport {
  /// A reclaimer that ran, and the bytes that it gave back.
  struct Item {
    const char* name = nullptr;
    std::size_t bytes = 0;
  };
  std::size_t bytes = 0;
  /// The first reclaimers that ran, in order; `bytes` includes those that do not fit.
  std::array<Item, 8> items;
  std::size_t count = 0;
};

/// Watches how short memory is, in three levels, and acts on it.
///
/// - Inputs: the heap's free bytes, its largest free block, and how full the pools are, each with limits and
///   hysteresis in `MemoryConfig`. A figure that the heap cannot tell is ignored. The reaction to pressure
///   never raises an input: a released pool still counts, as an empty one, and is reacquired only if that
///   leaves the heap clear of warning.
/// - A level rises at once. It falls when all inputs have been lower for `pressure_calm_ms`, so that noise
///   around a limit causes one event.
/// - It observes the memory manager: the level follows every exhaustion, fallback and free to the heap at
///   once, in any task. That costs `MemoryManager::occupancy` and asking the heap for its free bytes. `poll`
///   sees everything else, including the largest free block.
/// - Reclaimers run only in `poll`, in the task that calls it, so that none runs inside another caller's
///   allocation, under another component's lock, or in an interrupt. They run after each rise, and again
///   every `pressure_calm_ms` while the level stays, in order of priority until the level would fall.
/// - At critical, unused reclaimable pools go back to the heap. After `reacquire_after_ms` of normal they are
///   reacquired; a failed attempt is repeated after the same time.
/// - If the clock is set back, a running period starts again: the level falls later. If it is then set
///   forward, that counts as time passed.
///
///     Pressure pressure(memory, &bus);
///     Reclaimer backlog("backlog", 0, 19200, dropOldest, this);
///     pressure.add(backlog);
///     while (true) pressure.poll(), sleep();
class Pressure {
 public:
  /// Effect: observes `memory` and publishes every change on `bus`, if any. Both must outlive it, and so must
  /// `setup`, which a `StaticMemoryManager` provides. If `memory` has another observer, or is not constructed
  /// yet, this one is not `ready()`: it does nothing, and the other observer stays registered. Context: task.
  Pressure(MemoryManager& memory, const PressureSetup& setup, EventBus* bus);
  template <MemoryConfig config>
  explicit Pressure(StaticMemoryManager<config>& memory, EventBus* bus = nullptr)
      : Pressure(memory, memory.pressureSetup(), bus) {}
  Pressure(const Pressure&) = delete;
  Pressure& operator=(const Pressure&) = delete;
  /// Requires: no other task uses `memory` meanwhile.
  ~Pressure();

  /// Whether it observes the memory manager. If not, the level stays normal, no reclaimer can register, and
  /// no call changes anything.
  bool ready() const { return ready_; }

  /// The level at present. Cost: one load.
  PressureLevel level() const { return static_cast<PressureLevel>(level_.load()); }

  /// The heap's free bytes as the level last saw them, and its largest free block at the last `poll`;
  /// SIZE_MAX if the heap cannot tell. SIZE_MAX also stands for 4 GiB and above. Cost: one load.
  std::size_t freeHeap() const { return bytesIn(free_); }
  std::size_t largestBlock() const { return bytesIn(largest_); }

  /// Effect: gives the blocks that interrupts freed back to the heap, evaluates the inputs, then does what is
  /// due: run reclaimers, release pools, reacquire them. A call during another call leaves that to it. In an
  /// interrupt it changes nothing. Returns: the level. Context: any that reaches flash; the effect in tasks
  /// only.
  PressureLevel poll();

  /// Effect: registers the reclaimer, after those of the same priority. Returns: false, with nothing changed,
  /// if it is registered already, here or elsewhere, or has no callback. Context: task.
  bool add(Reclaimer& reclaimer);

  /// Effect: ends a registration. If another task runs the reclaimer or is about to, this returns before the
  /// callback does: the callback's context must outlast the callback, the reclaimer need not.
  /// Returns: false, with nothing changed, if it is not registered here. Context: task.
  bool remove(Reclaimer& reclaimer);

  /// Effect: runs every reclaimer as if critical and releases every idle reclaimable pool. Does nothing if a
  /// `poll` or another cleanup is in progress. Returns: the bytes freed, for each reclaimer. Context: task.
  CleanupReport emergencyCleanup();

  /// Pools released and reacquired. Never fall; stay at 2^32 - 1.
  std::uint32_t releases() const { return releases_.load(); }
  std::uint32_t reacquires() const { return reacquires_.load(); }

 private:
  enum Input : std::uint8_t { free_heap, largest_block, occupancy, inputs };

  static constexpr std::uint64_t never = UINT64_MAX;

  // All that is needed to run a reclaimer, which may be removed and destroyed at any moment.
  struct Turn {
    const Reclaimer* of;  // nullptr: none is due
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
  static std::size_t bytesIn(const Word& seen) {
    const std::uint32_t bytes = seen.load();
    return bytes != UINT32_MAX ? bytes : SIZE_MAX;
  }
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
  Word seen_;     // the level that the inputs last gave, whatever the current level is
  Word free_;     // the heap's free bytes at the last evaluation
  Word largest_;  // the heap's largest free block at the last check
  Word risen_;
  Word evaluating_;
  Word acting_;
  Word releases_;
  Word reacquires_;
  // Only the task that evaluates uses these ...
  std::array<PressureLevel, inputs> levels_{};
  PressureChanged::Figures figures_{};
  std::uint64_t lower_since_ = never;
  // ... and only the task that acts uses these.
  std::uint64_t reclaimed_at_ = 0;
  std::uint64_t normal_since_ = never;
  bool ready_ = false;
};

}  // namespace millpond
