// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <millpond.h>

#include <cstddef>

#include "Allocator.h"

namespace millpond::bench {

/// Where `Port::ticks()` gets the time that the ledger writes down.
enum class Clock {
  device,  // a word that a tick interrupt drives
  system,  // the host's coarse clock, read at each allocation
};

inline void select(Clock clock) { Port::driveTicks(clock == Clock::device ? 1 : 0); }

/// The device's configuration with another number of audio blocks, and a network pool of the same block size.
constexpr MemoryConfig configOf(std::size_t blocks) {
  MemoryConfig config;
  config.audio_buffer_pool_size = blocks;
  config.network_block_size = block_bytes;
  config.available_ram = config.total_ram = std::size_t{1} << 30U;
  return config;
}

template <std::size_t blocks>
inline StaticMemoryManager<configOf(blocks)> memory;

inline bool cleanPool(const PoolStats& pool) {
  return pool.in_use == 0 && pool.exhausted == 0 && pool.fallbacks == 0 && pool.rejected == 0;
}

/// The typed interface, everything on: ledger, source, time, refusal of bad frees.
template <std::size_t blocks, Clock clock = Clock::device>
struct TypedAudio {
  static void prepare(int /*thread*/) { select(clock); }
  static void* allocate(std::size_t size) { return memory<blocks>.allocateAudioBuffer(size, "bench"); }
  static void deallocate(void* block) { memory<blocks>.deallocate(block); }
  static bool clean() { return cleanPool(memory<blocks>.stats().audio); }
};

/// The same with a pool for each of two threads, audio and network, as capture and uplink have.
template <std::size_t blocks>
struct TypedPoolEach {
  static void prepare(int thread) {
    select(Clock::device);
    first_thread = thread == 0;
  }
  static void* allocate(std::size_t size) {
    return first_thread ? memory<blocks>.allocateAudioBuffer(size, "bench")
                        : memory<blocks>.allocateNetworkBuffer(size, "bench");
  }
  static void deallocate(void* block) { memory<blocks>.deallocate(block); }
  static bool clean() {
    const MemoryStats stats = memory<blocks>.stats();
    return cleanPool(stats.audio) && cleanPool(stats.network);
  }

 private:
  static inline constinit thread_local bool first_thread = true;
};

/// The general pool: runs of granules, with the whole ledger as well.
struct TypedGeneral {
  static void prepare(int /*thread*/) { select(Clock::device); }
  static void* allocate(std::size_t size) { return memory<4>.allocateGeneralBuffer(size, "bench"); }
  static void deallocate(void* block) { memory<4>.deallocate(block); }
  static bool clean() { return cleanPool(memory<4>.stats().general); }
};

/// The pool alone: no ledger, no source, no time; bad frees are refused all the same.
template <std::size_t blocks>
struct PoolAlone : Plain {
  static void* allocate(std::size_t /*size*/) { return pool.allocate(); }
  static void deallocate(void* block) { pool.deallocate(block); }
  static bool clean() { return pool.inUse() == 0; }

 private:
  static inline StaticBlockPool<block_bytes, blocks> pool;
};

}  // namespace millpond::bench
