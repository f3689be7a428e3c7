// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// A user's allocator, as lab/millpond_plugin.h asks for; each FAULT breaks its contract in one way.
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>

#include "lab/heaps/FirstFitHeap.h"
#include "lab/millpond_plugin.h"

#define FAULT_NONE 0
#define FAULT_WITHOUT_FREE 1
#define FAULT_OVERLAPPING 2
#define FAULT_MISALIGNED 3
#define FAULT_OUTSIDE 4
#define FAULT_REFUSING 5
#define FAULT_CRASHING 6
#define FAULT_HANGING 7
#define FAULT_EXITING 8
#define FAULT_PRINTING 9
#define FAULT_LEAKING 10

namespace {
std::optional<millpond::lab::FirstFitHeap> heap;
// A fault shows only once the device is under way.
[[maybe_unused]] int until_fault;
}  // namespace

int millpond_plugin_init(void* region, size_t bytes) {
  if (FAULT == FAULT_PRINTING) std::puts("the plugin begins");
  until_fault = 1000;
  heap.emplace(std::span(static_cast<std::byte*>(region), bytes),
               millpond::lab::FirstFitHeap::device_alignment);
  return FAULT == FAULT_REFUSING ? 7 : 0;
}

void* millpond_plugin_malloc(size_t bytes) {
  auto* memory = static_cast<std::byte*>(heap->allocate(bytes));
#if FAULT == FAULT_OVERLAPPING
  static std::byte* last;
  if (--until_fault == 0) return last;
  last = memory;
#elif FAULT == FAULT_MISALIGNED
  if (--until_fault == 0) return memory + 2;
#elif FAULT == FAULT_OUTSIDE
  if (--until_fault == 0) return memory - 1024 * 1024;
#elif FAULT == FAULT_CRASHING
  if (--until_fault == 0) std::raise(SIGSEGV);
#elif FAULT == FAULT_HANGING
  if (--until_fault == 0) pause();
#elif FAULT == FAULT_EXITING
  if (--until_fault == 0) std::exit(0);
#endif
  return memory;
}

#if FAULT != FAULT_WITHOUT_FREE
void millpond_plugin_free(void* memory) {
  if (FAULT == FAULT_LEAKING && --until_fault % 100 == 0) return;
  heap->release(memory);
}
#endif
