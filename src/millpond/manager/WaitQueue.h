// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/pool/Pool.h"
#include "millpond/port/Port.h"

namespace millpond {

/// The waiters for units of one pool, in order: those that may take every unit first, then the most urgent
/// task, then the one that has waited longest.
///
/// Any waiter that is awake serves all of them, in this order (`PoolState::serveWaiting`). A caller that
/// frees units checks whether there is a waiter (one load) and wakes the first. No wake-up is lost: a waiter
/// joins before it checks the pool, and units are freed before the queue is checked, all in one order.
///
/// Tasks exclude each other with a mutex around every call except `empty` and `PoolState::wakeFirst`.
class WaitQueue {
 public:
  /// A time-out that never comes.
  static constexpr std::uint32_t wait_forever = UINT32_MAX;

  class Waiter {
   public:
    /// A waiter for `size` bytes, starting now, for `timeout_ms`; `wait_forever`: without limit.
    Waiter(std::size_t size, Access access, std::uint32_t timeout_ms);
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    std::size_t size() const { return size_; }
    Access access() const { return rank_ >= reserved ? Access::reserved : Access::ordinary; }
    Waiter* next() const { return next_; }

    /// The index of the first unit that it was served, or `Pool::none`.
    std::uint32_t served() const { return served_; }

    /// Whether the waiters behind it must wait for it: no in turn 0, yes in turn 1, and so on alternately.
    /// Turn 0 ends after `first_turn_us`. Each later turn lasts as long as the waiter had waited when the
    /// turn began.
    bool insists() const { return (waited_ & 0xAAAAAAAAU) != 0; }
    static constexpr std::uint32_t first_turn_us = 1U << 19U;

    /// Effect: waits until it is woken, its turn ends or its deadline is reached. Returns: whether it was
    /// woken.
    /// Requires: the caller does not hold the mutex. Context: the task that waits.
    bool sleep();
    /// Effect: wakes it. Requires: it was removed from the queue.
    void wake();
    /// Effect: checks whether the turn has ended, and the wait.
    void lookAtClock(std::uint64_t now_us) {
      turn_over_ = now_us >= turn_end_us_;
      late_ = now_us >= deadline_us_;
    }
    /// Effect: begins the next turn if the last check found that one had ended.
    void beginTurn();
    /// Whether the last check found that the deadline was reached.
    bool late() const { return late_; }

   private:
    friend class WaitQueue;
    friend struct PoolState;
    static constexpr std::uint32_t reserved = std::uint32_t{1} << 31U;  // higher priorities count as one less
    static std::uint32_t leastOf(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }

    Port::Event event_;
    bool late_ = false;
    bool turn_over_ = false;
    std::uint32_t waited_ = 1;  // when the turn ends, in units of `first_turn_us`: 2^turn
    std::uint64_t deadline_us_ = UINT64_MAX;
    std::uint64_t turn_end_us_;
    std::size_t size_;
    Waiter* next_ = nullptr;
    std::uint32_t rank_;
    std::uint32_t served_ = Pool::none;
  };

  /// Whether there is no waiter. Cost: one load. Context: any.
  MILLPOND_INLINE bool empty() const { return first() == nullptr; }

  /// The next waiter to be served, or nullptr. Complete as constructed, also for a task or an interrupt
  /// without the mutex.
  MILLPOND_INLINE Waiter* first() const { return first_.loadOrdered(); }

  /// The number of waiters. Cost: one load. Context: any.
  MILLPOND_HOT std::uint32_t count() const { return count_.load(); }

  /// Effect: adds `waiter` to the queue. Context: task.
  void join(Waiter& waiter);

  /// Effect: removes `waiter` from the queue. No caller notifies it after this caller has entered a
  /// `Port::Critical` once more.
  /// Context: task.
  void remove(Waiter& waiter);

 private:
  // Interrupts look at the first waiter only, so that no other is an atomic word.
  Port::Atomic<Waiter*> first_;
  Word count_;
};

}  // namespace millpond
