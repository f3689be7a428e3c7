// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "PlainManager.h"

namespace millpond::bench {

template <class Pool>
PlainManager::Plain<Pool>::Plain(const PoolSpec& spec, MemoryTables& tables)
    : pool(tables.memory, spec.block_size, spec.blocks, tables.state), ledger(tables.entries) {
  tables.memory += spec.bytes();
  tables.state += Pool::stateWords(spec.blocks);
  tables.entries += spec.blocks;
}

PlainManager::PlainManager(MemoryTables tables)
    : audio_(MemoryConfig{}.pools()[0], tables),
      network_(MemoryConfig{}.pools()[1], tables),
      general_(MemoryConfig{}.pools()[2], tables) {}

void* PlainManager::allocateAudioBuffer(std::size_t size, const char* source) {
  const std::size_t block_size = audio_.pool.geometry().blockSize();
  if (size - 1 >= block_size) return nullptr;
  const std::uint32_t index = audio_.pool.take();
  if (index == Pool::none) return nullptr;
  if (!audio_.ledger.open(index, static_cast<std::uint32_t>(size), source)) audio_.ledger.carry(index);
  return audio_.pool.geometry().address(0) + index * block_size;
}

bool PlainManager::deallocate(void* pointer) {
  return audio_.pool.deallocate(pointer) || network_.pool.deallocate(pointer) ||
         general_.pool.deallocate(pointer);
}

}  // namespace millpond::bench
