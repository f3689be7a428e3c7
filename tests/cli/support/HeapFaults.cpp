// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/cli/support/HeapFaults.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace millpond::test {

namespace {

constinit thread_local bool spared = false;
constinit std::atomic<std::ptrdiff_t> calls_left{0};  // below 0: it has failed
constinit std::atomic<bool> failing{false};

bool failsNow() { return failing && !spared && calls_left.fetch_sub(1) == 1; }

}  // namespace

HeapFaults::HeapFaults() { spared = true; }

HeapFaults::~HeapFaults() {
  failing = false;
  spared = false;
}

void HeapFaults::failAt(std::size_t call) {
  calls_left = static_cast<std::ptrdiff_t>(call);
  failing = true;
}

bool HeapFaults::failed() const { return calls_left <= 0; }

}  // namespace millpond::test

// NOLINTBEGIN(misc-new-delete-overloads,misc-no-malloc)
void* operator new(std::size_t bytes) {
  void* const memory = millpond::test::failsNow() ? nullptr : std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads,misc-no-malloc)
