// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Library and tests are compiled with -fsanitize=thread, and linked with these functions in place of the
// sanitizer's: so each plain access of theirs comes here. Accesses by `std::atomic_ref`, which are the
// canaries of guards, are made as they stand: not modelled.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "order/Memory.h"
#include "order/Schedule.h"

namespace {

template <void (*access)(const void*, std::size_t)>
void note(const void* address, std::size_t bytes) {
  if (millpond::order::Schedule::get().running()) access(address, bytes);
}
constexpr auto reads = note<millpond::order::read>;
constexpr auto writes = note<millpond::order::write>;

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): these names are the compiler's
extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void* /*caller*/) {}
void __tsan_func_exit() {}
void __tsan_read1(void* at) { reads(at, 1); }
void __tsan_read2(void* at) { reads(at, 2); }
void __tsan_read4(void* at) { reads(at, 4); }
void __tsan_read8(void* at) { reads(at, 8); }
void __tsan_read16(void* at) { reads(at, 16); }
void __tsan_write1(void* at) { writes(at, 1); }
void __tsan_write2(void* at) { writes(at, 2); }
void __tsan_write4(void* at) { writes(at, 4); }
void __tsan_write8(void* at) { writes(at, 8); }
void __tsan_write16(void* at) { writes(at, 16); }
void __tsan_unaligned_read2(void* at) { reads(at, 2); }
void __tsan_unaligned_read4(void* at) { reads(at, 4); }
void __tsan_unaligned_read8(void* at) { reads(at, 8); }
void __tsan_unaligned_read16(void* at) { reads(at, 16); }
void __tsan_unaligned_write2(void* at) { writes(at, 2); }
void __tsan_unaligned_write4(void* at) { writes(at, 4); }
void __tsan_unaligned_write8(void* at) { writes(at, 8); }
void __tsan_unaligned_write16(void* at) { writes(at, 16); }
void __tsan_read_range(void* at, std::size_t bytes) { reads(at, bytes); }
void __tsan_write_range(void* at, std::size_t bytes) { writes(at, bytes); }
void __tsan_vptr_update(void** /*at*/, void* /*value*/) {}
void __tsan_vptr_read(void** /*at*/) {}

std::uint32_t __tsan_atomic32_load(const std::uint32_t* at, int /*order*/) { return *at; }
void __tsan_atomic32_store(std::uint32_t* at, std::uint32_t value, int /*order*/) { *at = value; }
std::uint8_t __tsan_atomic8_load(const std::uint8_t* at, int /*order*/) { return *at; }

// See Copy.h.
void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  reads(from, bytes);
  writes(to, bytes);
  return std::memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  reads(from, bytes);
  writes(to, bytes);
  return std::memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, std::size_t bytes) {
  writes(to, bytes);
  return std::memset(to, value, bytes);
}
}
// NOLINTEND(bugprone-reserved-identifier)
