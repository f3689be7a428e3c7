// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
//
// What lies in headers only, made into code that can be looked at.
#include <millpond.h>

#include "millpond/base/Counter.h"

namespace millpond {

template class StaticBlockPool<4096, 4>;
template class StaticBlockPool<20480, 1024>;
template class StaticRunPool<512, 1024>;
template class StaticMemoryManager<MemoryConfig{}>;

void* allocate(BlockPool& pool) { return pool.allocate(); }
bool deallocate(BlockPool& pool, void* block) { return pool.deallocate(block); }
std::uint32_t around(BlockPool& pool, void* block) { return pool.startAround(block); }
void* allocate(RunPool& pool, std::size_t size) { return pool.allocate(size); }
bool deallocate(RunPool& pool, void* run) { return pool.deallocate(run); }
void count(Word& counter) { counter::increment(counter); }
std::uint32_t starts(std::uint32_t word, std::uint32_t length) { return bits::runStarts(word, length); }

}  // namespace millpond
