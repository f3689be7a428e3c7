// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/LibraryMemory.h"

#include "millpond/base/Counter.h"

namespace millpond {

Binding LibraryMemory::bind(MemoryManager& memory, const LibraryPools& pools) {
  if (memory_ != nullptr) return Binding::already_bound;
  if (pools.pools.count == 0) return Binding::no_pool;
  for (std::size_t at = 0; at < pools.pools.count; ++at) {
    largest_[at] = memory.maxRequest(pools.pools.ids[at]);
    if (largest_[at] == 0) return Binding::no_such_pool;
    if (at != 0 && largest_[at] <= largest_[at - 1]) return Binding::not_ascending;
  }
  pools_ = pools;
  memory_ = &memory;
  return Binding::accepted;
}

void* LibraryMemory::allocate(std::size_t size) {
  void* const block = memory_ != nullptr ? allocateFrom(*memory_, size) : nullptr;
  if (block == nullptr) counter::increment(failures_);
  return block;
}

void* LibraryMemory::allocateFrom(MemoryManager& memory, std::size_t size) const {
  std::size_t at = 0;
  while (at + 1 < pools_.pools.count && largest_[at] < size) ++at;
  const PoolId pool = pools_.pools.ids[at];
  return pools_.heap ? memory.allocate(pool, size, pools_.source)
                     : memory.allocatePoolOnly(pool, size, pools_.source);
}

void* LibraryMemory::allocateZeroed(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  void* const block = allocate(bytes);
  return block != nullptr ? __builtin_memset(block, 0, bytes) : nullptr;
}

void LibraryMemory::free(void* pointer) {
  if (memory_ != nullptr) memory_->deallocate(pointer);
}

}  // namespace millpond
