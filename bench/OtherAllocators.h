// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <atomic>
#include <boost/pool/pool.hpp>
#include <cstddef>
#include <cstdlib>
#include <mutex>

#include "Allocator.h"
#include "SharedHeap.h"

namespace millpond::bench {

struct LibcHeap : Plain {
  static void* allocate(std::size_t size) { return std::malloc(size); }
  static void deallocate(void* block) { std::free(block); }
};

struct Mimalloc : Plain {
  static void* allocate(std::size_t size) { return mimalloc.allocate(size); }
  static void deallocate(void* block) { mimalloc.release(block); }
};

struct Jemalloc : Plain {
  static void* allocate(std::size_t size) { return jemalloc.allocate(size); }
  static void deallocate(void* block) { jemalloc.release(block); }
};

struct BoostPool : Plain {
  static void* allocate(std::size_t /*size*/) { return pool.malloc(); }
  static void deallocate(void* block) { pool.free(block); }

 private:
  static inline boost::pool<> pool{block_bytes, default_blocks};
};

struct BoostPoolMutex : Plain {
  static void* allocate(std::size_t size) {
    const std::lock_guard guard(mutex);
    return BoostPool::allocate(size);
  }
  static void deallocate(void* block) {
    const std::lock_guard guard(mutex);
    BoostPool::deallocate(block);
  }

 private:
  static inline std::mutex mutex;
};

/// Free blocks linked through their first word, without any lock: as little as an allocator can do.
class FreeList {
 public:
  FreeList() {
    for (Block& block : blocks_) give(&block);
  }
  void* take() {
    Block* block = head_;
    head_ = block->next;
    return block;
  }
  void give(void* pointer) {
    auto* block = static_cast<Block*>(pointer);
    block->next = head_;
    head_ = block;
  }

 private:
  union Block {
    Block* next;
    std::array<std::byte, block_bytes> bytes;
  };
  alignas(cache_line) Block* head_ = nullptr;
  alignas(cache_line) std::array<Block, default_blocks> blocks_;
};

/// A bare list for each thread.
struct BareList : Plain {
  static void prepare(int thread) { mine = &lists.at(static_cast<std::size_t>(thread)); }
  static void* allocate(std::size_t /*size*/) { return mine->take(); }
  static void deallocate(void* block) { mine->give(block); }

 private:
  static inline std::array<FreeList, 2> lists;
  static inline constinit thread_local FreeList* mine = nullptr;
};

/// One list for all threads, behind a spinlock.
struct SpinlockList : Plain {
  static void* allocate(std::size_t /*size*/) {
    lock();
    void* block = list.take();
    unlock();
    return block;
  }
  static void deallocate(void* block) {
    lock();
    list.give(block);
    unlock();
  }

 private:
  static void lock() {
    while (locked.exchange(true, std::memory_order_acquire)) {
      while (locked.load(std::memory_order_relaxed)) spinPause();
    }
  }
  static void unlock() { locked.store(false, std::memory_order_release); }

  static inline FreeList list;
  alignas(cache_line) static inline std::atomic<bool> locked;
};

/// No allocator either: the two atomic operations on a shared word that a pair cannot do without, be it a
/// list, a bitmap or a lock. What they take is a property of the processor.
struct AtomicPair : Plain {
  static void* allocate(std::size_t /*size*/) {
    word.fetch_and(~1U, std::memory_order_acquire);
    return &block;
  }
  static void deallocate(void* /*block*/) { word.fetch_or(1, std::memory_order_release); }

 private:
  alignas(cache_line) static inline std::atomic<unsigned> word = 1;
  alignas(cache_line) static inline unsigned char block;
};

/// No allocator at all: the same blocks in turn. What is left of a hand-over is the ring.
struct NoAllocator : Plain {
  static void* allocate(std::size_t /*size*/) { return blocks[next++ % default_blocks].data(); }
  static void deallocate(void* /*block*/) {}

 private:
  static inline std::array<std::array<std::byte, block_bytes>, default_blocks> blocks;
  static inline std::size_t next = 0;
};

}  // namespace millpond::bench
