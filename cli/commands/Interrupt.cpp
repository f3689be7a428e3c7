// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/Interrupt.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace millpond::cli {

namespace {

// When the first signal came, in seconds of a clock that also counts during suspend; 0 before.
constinit std::atomic<time_t> caught_at{0};
constinit std::atomic<int> wake_fd{-1};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<time_t>::is_always_lock_free,
              "a signal handler may not take a lock");

// Context: a signal handler.
void wake() {
  const int error = errno;
  const char byte = 0;
  const int fd = wake_fd;
  if (fd >= 0 && ::write(fd, &byte, 1) < 0) wake_fd = -1;  // nobody reads any more
  errno = error;
}

// What signals a process often signals its group as well (timeout does). So a second signal at the same time
// counts as the first. A later one ends the program at once.
void onSignal(int number) {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const time_t seconds = now.tv_sec + 1;
  time_t first = 0;
  if (caught_at.compare_exchange_strong(first, seconds)) {
    wake();
    return;
  }
  if (seconds - first <= 1) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void catchInterrupt(int wake) {
  wake_fd = wake;
  struct sigaction action {};
  action.sa_handler = &onSignal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void catchHangup() {
  struct sigaction action {};
  sigaction(SIGHUP, nullptr, &action);
  if (action.sa_handler == SIG_IGN) return;
  action.sa_handler = &onSignal;
  sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() { return caught_at.load(std::memory_order_relaxed) != 0; }

}  // namespace millpond::cli
