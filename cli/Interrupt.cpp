// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Interrupt.h"

#include <atomic>
#include <csignal>

namespace millpond::cli {

namespace {

constinit std::atomic<bool> caught{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not take a lock");

}  // namespace

void catchInterrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { caught.store(true, std::memory_order_relaxed); };
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second one ends the program at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return caught.load(std::memory_order_relaxed); }

}  // namespace millpond::cli
