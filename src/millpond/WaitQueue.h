// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/Pool.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Those who wait for units of one pool: who may take every unit before who may not, then the most urgent
/// task, among equals who came first.
///
/// Any waiter that is awake serves all of them, in this order (`TypedPool::serveWaiting`). Who gives units
/// back looks whether somebody waits (one load) and wakes the first. No wake-up is lost: a waiter joins
/// before it looks at the pool, units are given back before the queue is looked at, all in one order.
///
/// Tasks exclude one another by a mutex around every call but `empty` and `TypedPool::wakeFirst`.
class WaitQueue {
 public:
  class Waiter {
   public:
    /// Waits for `size` bytes from `now_us` on.
    Waiter(std::size_t size, Access access, std::uint64_t now_us)
        : since_us_(now_us),
          size_(size),
          rank_((access == Access::reserved ? reserved : 0) | leastOf(Port::taskPriority(), reserved - 1)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    std::size_t size() const { return size_; }
    Access access() const { return rank_ >= reserved ? Access::reserved : Access::ordinary; }
    Waiter* next() const { return next_; }

    /// What it was served: the index of the first unit, or `Pool::none`.
    std::uint32_t served() const { return served_; }

    /// Whether those behind it have to wait for it: not in its turn 0, in turn 1, and so on alternately.
    bool insists(std::uint64_t now_us) const { return (turnAt(now_us) & 1U) != 0; }
    /// When the present turn ends: turn 0 after `first_turn_us`, each other after as long again as it had
    /// waited when the turn began.
    std::uint64_t turnEnd(std::uint64_t now_us) const {
      return since_us_ + (std::uint64_t{first_turn_us} << turnAt(now_us));
    }
    static constexpr std::uint32_t first_turn_us = 1U << 19U;

    /// Returns: true when woken, false when `Port::micros()` reached the deadline.
    bool sleep(std::uint64_t deadline_us) { return event_.wait(deadline_us); }

   private:
    friend class WaitQueue;
    friend struct TypedPool;
    static constexpr std::uint32_t reserved = std::uint32_t{1} << 31U;  // higher priorities count as one less
    static std::uint32_t leastOf(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }
    unsigned turnAt(std::uint64_t now_us) const {
      if (now_us < since_us_) return 0;  // the caller read the clock before this one came
      unsigned turn = 0;
      for (auto left = static_cast<std::uint32_t>((now_us - since_us_) / first_turn_us); left != 0; left /= 2)
        ++turn;
      return turn;
    }

    Port::Event event_;
    std::uint64_t since_us_;
    std::size_t size_;
    Waiter* next_ = nullptr;
    std::uint32_t rank_;
    std::uint32_t served_ = Pool::none;
  };

  /// Whether nobody waits. Cost: one load. Context: any.
  [[gnu::always_inline]] bool empty() const { return first() == nullptr; }

  /// The next to be served, or nullptr; as it was made, also for a task or an interrupt without the mutex.
  [[gnu::always_inline]] Waiter* first() const { return first_.loadOrdered(); }

  /// Effect: `waiter` waits from now on. Context: task.
  void join(Waiter& waiter);

  /// Effect: `waiter` waits no more. Nobody notifies it after the caller was in a `Port::Critical` once more.
  /// Context: task.
  void remove(Waiter& waiter);

 private:
  Port::Atomic<Waiter*> first_;
};

}  // namespace millpond
