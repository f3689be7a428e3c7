// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/LibraryMemory.h"

namespace millpond {

Binding LibraryMemory::bind(MemoryManager& memory, const LibraryPools& pools) {
  if (memory_ != nullptr) return Binding::already_bound;
  if (pools.pool == PoolId::none) return Binding::no_pool;
  const std::array ids{pools.pool, pools.larger, pools.largest};
  std::array<std::size_t, 3> largest{};
  for (std::size_t at = 0; at < ids.size() && ids[at] != PoolId::none; ++at) {
    largest[at] = memory.maxRequest(ids[at]);
    if (largest[at] == 0) return Binding::no_such_pool;
    if (at != 0 && largest[at] <= largest[at - 1]) return Binding::not_ascending;
  }
  source_ = pools.source;
  pools_ = ids;
  largest_ = largest;
  heap_ = pools.heap;
  memory_ = &memory;
  return Binding::accepted;
}

void* LibraryMemory::allocate(std::size_t size) {
  if (memory_ == nullptr) return nullptr;
  std::size_t at = 0;
  while (at + 1 < largest_.size() && largest_[at] < size && largest_[at + 1] != 0) ++at;
  return heap_ ? memory_->allocate(pools_[at], size, source_)
               : memory_->allocatePoolOnly(pools_[at], size, source_);
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
