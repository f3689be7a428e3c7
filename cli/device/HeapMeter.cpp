// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/HeapMeter.h"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MILLPOND_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MILLPOND_SANITIZED 1
#endif

namespace millpond::cli::heap_meter {

namespace {

constinit thread_local bool counted_thread = false;
constinit std::atomic<std::uint64_t> counted_calls{0};

// Counts a call if the thread is counted.
void note() {
  if (counted_thread) counted_calls.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

void countThisThread(bool counted) { counted_thread = counted; }

std::uint64_t calls() { return counted_calls.load(std::memory_order_relaxed); }

}  // namespace millpond::cli::heap_meter

#if defined(MILLPOND_SANITIZED)

// From <sanitizer/allocator_interface.h>, which GCC does not install.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                         void (*on_free)(const volatile void*));

namespace millpond::cli::heap_meter {

void install() {
  static const int installed = __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void*, std::size_t) { note(); }, [](const volatile void*) { note(); });
  static_cast<void>(installed);
}

}  // namespace millpond::cli::heap_meter

#else

// These names are deliberately those of the C library.
// NOLINTBEGIN(bugprone-reserved-identifier,misc-no-malloc,readability-*,modernize-*)
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  return __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  return __libc_realloc(memory, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  millpond::cli::heap_meter::note();
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void* const taken = __libc_memalign(alignment, size);
  if (taken == nullptr) return ENOMEM;
  *memory = taken;
  return 0;
}

void free(void* memory) noexcept {
  if (memory != nullptr) millpond::cli::heap_meter::note();
  __libc_free(memory);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,misc-no-malloc,readability-*,modernize-*)

namespace millpond::cli::heap_meter {

void install() {}

}  // namespace millpond::cli::heap_meter

#endif
