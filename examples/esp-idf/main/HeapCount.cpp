// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "HeapCount.h"

#include <sdkconfig.h>

#include <cstddef>

#include "millpond/port/Port.h"

namespace {

// A word for each task, which the C library keeps apart; not asked from interrupts.
constinit thread_local bool counted_task = false;
millpond::Word counted_calls;

[[maybe_unused]] void note() {
  if (counted_task) counted_calls.update([](std::uint32_t calls) { return calls + 1; });
}

}  // namespace

void heap_count::countThisTask(bool counted) { counted_task = counted; }

std::uint32_t heap_count::calls() { return counted_calls.load(); }

#if CONFIG_HEAP_USE_HOOKS
// ESP-IDF allocates before the scheduler starts, when there is no task yet whose word it could be.
static void noteInTask() {
  if (millpond::port::FreeRtosScheduler::started()) note();
}
extern "C" void esp_heap_trace_alloc_hook(void*, std::size_t, std::uint32_t) { noteInTask(); }
extern "C" void esp_heap_trace_free_hook(void*) { noteInTask(); }
#elif CONFIG_IDF_TARGET_LINUX
// The linux target has no hooks, but the C library's heap.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) {
  note();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  note();
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  note();
  return __libc_memalign(alignment, size);
}
void free(void* memory) {
  if (memory != nullptr) note();
  __libc_free(memory);
}
}
#endif
