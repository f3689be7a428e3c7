// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::port {

/// A binary event for one core without an operating system: the one task sleeps until an interrupt notifies.
///
/// The look at the flag and the sleep happen under one mask, and `Cpu::sleep` ends when an interrupt becomes
/// pending although it is masked: so a notification that comes in between is never slept through.
/// A deadline is met at the first interrupt after it, so the board needs a periodic one, as its tick is.
template <class Cpu, std::uint64_t (*micros)()>
class SleepEvent {
 public:
  SleepEvent() = default;
  SleepEvent(const SleepEvent&) = delete;
  SleepEvent& operator=(const SleepEvent&) = delete;

  /// Effect: waits until notified, or until `micros()` reaches `deadline_us`; UINT64_MAX: without an end.
  /// Returns: whether it was notified. Requires: interrupts enabled. Context: task.
  bool wait(std::uint64_t deadline_us) {
    while (true) {
      const typename Cpu::Mask mask;
      if (notified()) {
        set(false);
        return true;
      }
      if (deadline_us != UINT64_MAX && micros() >= deadline_us) return false;
      Cpu::sleep();
    }
  }

  /// Effect: ends the wait, or the next one where nobody waits. Context: any.
  void notify() { set(true); }

 private:
  bool notified() const { return __atomic_load_n(&notified_, __ATOMIC_RELAXED); }
  void set(bool notified) { __atomic_store_n(&notified_, notified, __ATOMIC_RELEASE); }

  bool notified_ = false;
};

}  // namespace millpond::port
