// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <cstdint>

#include "millpond/port/InterruptMask.h"

namespace millpond::port {

/// A binary event for one core without an operating system: the only task sleeps until an interrupt notifies
/// it.
///
/// The check of the flag and the sleep happen under one mask, and `Cpu::sleep` ends when an interrupt becomes
/// pending although it is masked. A notification in between is therefore never missed. A deadline is detected
/// at the second interrupt after it at the latest, so the board needs a periodic interrupt, such as its tick.
template <class Cpu, std::uint64_t (*micros)()>
class SleepEvent {
 public:
  SleepEvent() = default;
  SleepEvent(const SleepEvent&) = delete;
  SleepEvent& operator=(const SleepEvent&) = delete;

  /// Effect: waits until notified, or until `micros()` reaches `deadline_us`; UINT64_MAX: without limit.
  /// Returns: whether it was notified. Requires: interrupts enabled. Context: task.
  bool wait(std::uint64_t deadline_us) {
    while (true) {
      // Before the mask, because the board's clock may be slow to read.
      const bool late = deadline_us != UINT64_MAX && micros() >= deadline_us;
      const InterruptMask<Cpu> mask;
      const bool notified = Cpu::load(notified_);
      if (notified) Cpu::store(notified_, false);
      if (notified || late) return notified;
      Cpu::sleep();
    }
  }

  /// Effect: ends the wait, or the next one if no task waits. Context: any.
  [[gnu::always_inline]] void notify() {
    std::atomic_signal_fence(std::memory_order_release);
    Cpu::store(notified_, true);
  }

 private:
  bool notified_ = false;
};

}  // namespace millpond::port
