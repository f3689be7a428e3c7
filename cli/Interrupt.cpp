// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Interrupt.h"

#include <atomic>
#include <csignal>
#include <ctime>

namespace millpond::cli {

namespace {

// When the first came, in seconds of a clock that never stands still; 0 before.
constinit std::atomic<time_t> caught_at{0};
static_assert(std::atomic<time_t>::is_always_lock_free, "a signal handler may not take a lock");

// What sends a signal to a process often sends it to the group as well (timeout does): a second at the same
// time is the first once more. A later one ends the program at once.
void onSignal(int number) {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const time_t seconds = now.tv_sec + 1;
  time_t first = 0;
  if (caught_at.compare_exchange_strong(first, seconds) || seconds - first <= 1) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void catchInterrupt() {
  struct sigaction action {};
  action.sa_handler = &onSignal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return caught_at.load(std::memory_order_relaxed) != 0; }

}  // namespace millpond::cli
