// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

namespace millpond::bench {

// An allocator under measurement is a type with
//   static void prepare(int thread)             called by each thread before it starts
//   static void* allocate(std::size_t size)
//   static void deallocate(void* block)
//   static bool clean()                         whether all went as it should, once no thread runs

/// What the fixed-size allocators serve, and all are asked for where nothing else is said.
inline constexpr std::size_t block_bytes = 4096;

/// Blocks of the allocators that need to know and have no figure of their own.
inline constexpr std::size_t default_blocks = 32;

/// Enough to keep two threads from sharing a line.
inline constexpr std::size_t cache_line = 64;

/// Said to the processor while waiting for another thread.
inline void spinPause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// The part of an allocator that most have nothing to say about.
struct Plain {
  static void prepare(int /*thread*/) {}
  static bool clean() { return true; }
};

}  // namespace millpond::bench
