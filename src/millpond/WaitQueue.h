// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Those who wait for a block of one pool: the most urgent task first, among equals who came first.
///
/// Who gives a block back looks whether somebody waits (one load) and wakes the first, who takes the block
/// itself and wakes the next when it leaves. No wake-up is lost: to wait is written down before the pool is
/// looked at once more, and a block is given back before the queue is looked at, all in one order.
class WaitQueue {
 public:
  class Waiter {
   public:
    Waiter() : priority_(Port::taskPriority()) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    /// Returns: true when woken, false when `Port::micros()` reached the deadline.
    bool sleep(std::uint64_t deadline_us) { return event_.wait(deadline_us); }

   private:
    friend class WaitQueue;
    Port::Event event_;
    Waiter* next_ = nullptr;
    std::uint32_t priority_;
  };

  /// Whether nobody waits. Cost: one load. Context: any.
  [[gnu::always_inline]] bool empty() const { return first_.loadOrdered() == nullptr; }

  /// Whether `waiter` is the next to be served. Context: task.
  bool isFirst(const Waiter& waiter) const { return first_.load() == &waiter; }

  /// Effect: `waiter` waits from now on. Returns: whether it is the only one. Context: task.
  bool join(Waiter& waiter);

  /// Effect: `waiter` waits no more, and the next one is woken. Returns: whether there is none. Context:
  /// task.
  bool leave(Waiter& waiter);

  /// Effect: wakes the first, if somebody waits. Context: any.
  MILLPOND_HOT void wakeFirst();

 private:
  Port::Atomic<Waiter*> first_;
};

}  // namespace millpond
