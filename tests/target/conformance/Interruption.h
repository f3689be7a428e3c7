// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/port/Port.h"

#if defined(MILLPOND_BOARD)
#include "board/Board.h"
#else
#include <atomic>
#include <thread>
#endif

namespace millpond::conformance {

/// Delays that sweep an interrupt over every instruction of a short operation.
inline constexpr unsigned windows = 200;

#if !defined(MILLPOND_BOARD)

/// One interrupt, about `delay` steps after it was made: here a thread that counts as one. Has happened once
/// it is destroyed.
class Interruption {
 public:
  Interruption(unsigned delay, void (*handler)())
      : thread_([=] {
          // Not by yielding, which on a busy machine takes a time slice for each step.
          std::atomic<unsigned> step = 0;
          while (step < delay * 16) ++step;
          const Port::InterruptScope scope;
          handler();
        }) {}
  ~Interruption() { thread_.join(); }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  std::thread thread_;
};

/// While one lives, sleep ends now and then; on a host it ends by itself.
class [[maybe_unused]] Heartbeat {};

#else

/// One interrupt, `delay` instructions after it was asked for. Has happened once it is destroyed.
class Interruption {
 public:
  Interruption(unsigned delay, void (*handler)()) {
    wanted = handler;
    happened = false;
    board::setTimerHandler([] {
      wanted();
      happened = true;
    });
    board::interruptAfter(delay);
  }
  ~Interruption() {
    while (!happened) {
    }
    board::setTimerHandler(nullptr);
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  static inline void (*wanted)() = nullptr;
  static inline volatile bool happened = false;
};

/// While one lives, an interrupt that does nothing ends sleep now and then.
class Heartbeat {
 public:
  Heartbeat() {
    board::setTimerHandler(beat);
    beat();
  }
  ~Heartbeat() {
    board::stopTimer();
    board::setTimerHandler(nullptr);
  }
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  static void beat() { board::interruptAfter(3000); }
};

#endif

}  // namespace millpond::conformance
