// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/TypedPool.h"

namespace millpond {

TypedPool::TypedPool(PoolId pool, const PoolSpec& spec, MemoryTables& tables, const Heap& heap)
    : Pool(spec.reclaimable ? nullptr : tables.memory, spec.shape, tables.state, spec.reserve, spec.traits),
      id(pool),
      reclaimable(spec.reclaimable),
      ledger(tables.entries) {
  tables.state += spec.traits.has(PoolTraits::runs) ? RunPool::stateWords(spec.blocks)
                                                    : BlockPool::stateWords(spec.blocks);
  tables.entries += spec.blocks;
  if (reclaimable) {
    reacquire(heap, tables.quarantine);
    return;
  }
  tables.memory += spec.bytes();
  if (tables.quarantine != nullptr) tables.quarantine->guard.poison(block(0), spec.bytes());
  reopen();
}

std::uint32_t TypedPool::takeAs(std::size_t size, Access access) {
  return traits().has(PoolTraits::runs)
             ? RunPool::takeAs(*this, granulesFor(size, geometry().shift()), access)
             : BlockPool::takeAs(*this, access);
}

bool TypedPool::give(std::uint32_t index) {
  const bool given = traits().has(PoolTraits::runs) ? RunPool::give(*this, index)
                                                    : BlockPool::givePlainly(*this, traits(), index);
  if (!given) return false;
  if (!waiting.empty()) waiting.wakeFirst();
  return true;
}

const Ledger::Entry& TypedPool::entryAround(const void* pointer) const {
  return ledger.at(traits().has(PoolTraits::runs) ? RunPool::startAround(*this, pointer)
                                                  : geometry().indexAround(pointer));
}

std::uint32_t TypedPool::peak() const {
  return traits().has(PoolTraits::runs) ? RunPool::peakOf(*this) : ledger.everHeld(geometry().count());
}

std::size_t TypedPool::release(const Heap& heap) {
  if (!waiting.empty() || !close()) return 0;
  std::byte* memory = block(0);
  moveTo(nullptr);
  heap.release(heap.context, memory);
  return geometry().bytes();
}

std::size_t TypedPool::reacquire(const Heap& heap, const Quarantine* quarantine) {
  auto* memory = static_cast<std::byte*>(heap.allocate(heap.context, geometry().bytes()));
  if (memory == nullptr) return 0;
  if (quarantine != nullptr) quarantine->guard.poison(memory, geometry().bytes());
  moveTo(memory);
  reopen();
  return geometry().bytes();
}

}  // namespace millpond
