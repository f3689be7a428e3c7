// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/manager/WaitQueue.h"

namespace millpond {

// Not inlined into the code that waits, so that a wait has less on its stack.

WaitQueue::Waiter::Waiter(std::size_t size, Access access, std::uint32_t timeout_ms)
    : turn_end_us_(Port::micros() + first_turn_us),
      size_(size),
      rank_((access == Access::reserved ? reserved : 0) | leastOf(Port::taskPriority(), reserved - 1)) {
  if (timeout_ms != wait_forever)
    deadline_us_ = turn_end_us_ - first_turn_us + std::uint64_t{timeout_ms} * 1000;
}

bool WaitQueue::Waiter::sleep() {
  const std::uint64_t until = turn_end_us_ < deadline_us_ ? turn_end_us_ : deadline_us_;
  const bool woken = event_.wait(until);
  // A driven clock may stand still: the time has reached `until` all the same.
  lookAtClock(woken ? Port::micros() : until);
  return woken;
}

void WaitQueue::Waiter::wake() {
  const Port::Critical critical;  // a caller that found the waiter first in the queue has finished with it
  event_.notify();
}

void WaitQueue::Waiter::beginTurn() {
  if (!turn_over_) return;
  turn_end_us_ += std::uint64_t{waited_} * first_turn_us;
  waited_ *= 2;
}

void WaitQueue::join(Waiter& waiter) {
  count_.store(count_.load() + 1);  // relaxed, as only one task changes it at a time
  Waiter* before = nullptr;
  Waiter* behind = first();
  while (behind != nullptr && behind->rank_ >= waiter.rank_) {
    before = behind;
    behind = behind->next_;
  }
  waiter.next_ = behind;
  if (before != nullptr) {
    before->next_ = &waiter;
  } else {
    first_.update([&waiter](Waiter*) MILLPOND_INLINED { return &waiter; });
  }
}

void WaitQueue::remove(Waiter& waiter) {
  count_.store(count_.load() - 1);
  Waiter* before = first();
  if (before == &waiter) {
    first_.update([&waiter](Waiter*) MILLPOND_INLINED { return waiter.next_; });
    return;
  }
  while (before->next_ != &waiter) before = before->next_;
  before->next_ = waiter.next_;
}

}  // namespace millpond
