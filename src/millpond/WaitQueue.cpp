// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/WaitQueue.h"

namespace millpond {

// Interrupts only ever look at the first waiter, so only the first is an atomic word; the tasks keep one
// another out of the rest of the list by a mutex around `join` and `leave`.

bool WaitQueue::join(Waiter& waiter) {
  Waiter* const first = first_.load();
  if (first == nullptr || first->rank_ < waiter.rank_) {
    waiter.next_ = first;
    first_.update([&waiter](Waiter*) { return &waiter; });
    return first == nullptr;
  }
  Waiter* before = first;
  while (before->next_ != nullptr && before->next_->rank_ >= waiter.rank_) before = before->next_;
  waiter.next_ = before->next_;
  before->next_ = &waiter;
  return false;
}

bool WaitQueue::leave(Waiter& waiter) {
  if (isFirst(waiter)) {
    first_.update([&waiter](Waiter*) { return waiter.next_; });
  } else {
    Waiter* before = first_.load();
    while (before->next_ != &waiter) before = before->next_;
    before->next_ = waiter.next_;
  }
  // Whatever woke this one may have been meant for the next as well.
  wakeFirst();
  return empty();
}

void WaitQueue::wakeFirst() {
  const Port::Critical critical;
  // Ordered, so that a waiter that joined a moment ago is seen as it was made.
  if (Waiter* first = first_.loadOrdered()) first->event_.notify();
}

}  // namespace millpond
