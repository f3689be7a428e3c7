// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/pool/Pool.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Those who wait for units of one pool: who may take every unit before who may not, then the most urgent
/// task, among equals who came first.
///
/// Any waiter that is awake serves all of them, in this order (`PoolState::serveWaiting`). Who gives units
/// back looks whether somebody waits (one load) and wakes the first. No wake-up is lost: a waiter joins
/// before it looks at the pool, units are given back before the queue is looked at, all in one order.
///
/// Tasks exclude one another by a mutex around every call but `empty` and `PoolState::wakeFirst`.
class WaitQueue {
 public:
  /// A time-out that never comes.
  static constexpr std::uint32_t wait_forever = UINT32_MAX;

  class Waiter {
   public:
    /// Waits for `size` bytes from now on, for `timeout_ms`; `wait_forever`: without an end.
    Waiter(std::size_t size, Access access, std::uint32_t timeout_ms);
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    std::size_t size() const { return size_; }
    Access access() const { return rank_ >= reserved ? Access::reserved : Access::ordinary; }
    Waiter* next() const { return next_; }

    /// What it was served: the index of the first unit, or `Pool::none`.
    std::uint32_t served() const { return served_; }

    /// Whether those behind it have to wait for it: not in its turn 0, in turn 1, and so on alternately. Turn
    /// 0 ends after `first_turn_us`, each other after as long again as it had waited when the turn began.
    bool insists() const { return (waited_ & 0xAAAAAAAAU) != 0; }
    static constexpr std::uint32_t first_turn_us = 1U << 19U;

    /// Effect: waits until it is woken, its turn ends or its deadline comes. Returns: whether it was woken.
    /// Requires: the caller does not hold the mutex. Context: the task that waits.
    bool sleep();
    /// Effect: looks whether the turn is over, and the wait.
    void lookAtClock(std::uint64_t now_us) {
      turn_over_ = now_us >= turn_end_us_;
      late_ = now_us >= deadline_us_;
    }
    /// Effect: begins the next turn where at the last look one was over.
    void beginTurn() {
      if (!turn_over_) return;
      turn_end_us_ += std::uint64_t{waited_} * first_turn_us;
      waited_ *= 2;
    }
    /// Whether at the last look the deadline had come.
    bool late() const { return late_; }

   private:
    friend class WaitQueue;
    friend struct PoolState;
    static constexpr std::uint32_t reserved = std::uint32_t{1} << 31U;  // higher priorities count as one less
    static std::uint32_t leastOf(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }

    Port::Event event_;
    bool late_ = false;
    bool turn_over_ = false;
    std::uint32_t waited_ = 1;  // when the turn ends, in `first_turn_us`: 2^turn
    std::uint64_t deadline_us_;
    std::uint64_t turn_end_us_;
    std::size_t size_;
    Waiter* next_ = nullptr;
    std::uint32_t rank_;
    std::uint32_t served_ = Pool::none;
  };

  /// Whether nobody waits. Cost: one load. Context: any.
  MILLPOND_INLINE bool empty() const { return first() == nullptr; }

  /// The next to be served, or nullptr; as it was made, also for a task or an interrupt without the mutex.
  MILLPOND_INLINE Waiter* first() const { return first_.loadOrdered(); }

  /// How many wait. Cost: one load. Context: any.
  std::uint32_t count() const { return count_.load(); }

  /// Effect: `waiter` waits from now on. Context: task.
  void join(Waiter& waiter);

  /// Effect: `waiter` waits no more. Nobody notifies it after the caller was in a `Port::Critical` once more.
  /// Context: task.
  void remove(Waiter& waiter);

 private:
  Port::Atomic<Waiter*> first_;
  Word count_;
};

}  // namespace millpond
