// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Those who wait for a block of one pool: who may take every block before who may not, then the most urgent
/// task, among equals who came first.
///
/// Who gives a block back looks whether somebody waits (one load) and wakes the first, who takes the block
/// itself and wakes the next when it leaves. No wake-up is lost: to wait is written down before the pool is
/// looked at once more, and a block is given back before the queue is looked at, all in one order.
class WaitQueue {
 public:
  class Waiter {
   public:
    /// `privileged`: whether it may take every block. Were it behind one that may not, it might wait for
    /// nothing.
    explicit Waiter(bool privileged)
        : rank_((privileged ? ~most : 0) | leastOf(Port::taskPriority(), most)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    /// Returns: true when woken, false when `Port::micros()` reached the deadline.
    bool sleep(std::uint64_t deadline_us) { return event_.wait(deadline_us); }

   private:
    friend class WaitQueue;
    static constexpr std::uint32_t most = (std::uint32_t{1} << 31U) - 1;  // higher priorities count as this
    static std::uint32_t leastOf(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }

    Port::Event event_;
    Waiter* next_ = nullptr;
    std::uint32_t rank_;
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
