// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/WaitQueue.h"

namespace millpond {

// Interrupts only ever look at the first waiter, so only the first is an atomic word.

void WaitQueue::join(Waiter& waiter) {
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
    first_.update([&waiter](Waiter*) { return &waiter; });
  }
}

void WaitQueue::remove(Waiter& waiter) {
  Waiter* before = first();
  if (before == &waiter) {
    first_.update([&waiter](Waiter*) { return waiter.next_; });
    return;
  }
  while (before->next_ != &waiter) before = before->next_;
  before->next_ = waiter.next_;
}

}  // namespace millpond
