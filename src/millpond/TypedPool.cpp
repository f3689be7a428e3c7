// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/TypedPool.h"

namespace millpond {

TypedPool::TypedPool(const PoolSetup& setup, const GuardSteps* guard, MemoryTables& tables)
    : Pool(BlockGeometry::nowhere(), setup.shape, tables.state), ledger(tables.entries), kind_(*setup.kind) {
  if (setup.reserve != 0) reserve().store(setup.reserve);
  if (setup.nothing_held != 0) behind()->store(setup.nothing_held);
  tables.state += setup.state_words;
  tables.entries += geometry().count();
  if (traits().has(PoolTraits::reclaimable)) return;
  start(tables.memory, guard);
  tables.memory += memoryBytes();
}

void TypedPool::start(std::byte* memory, const GuardSteps* guard) {
  if (traits().has(PoolTraits::poisoned)) guard->poison(memory, memoryBytes());
  moveTo(memory + traits().fence());
  kind_.reopen(*this);
}

bool TypedPool::give(std::uint32_t index) {
  if (!kind_.give(*this, index)) return false;
  if (!waiting.empty()) waiting.wakeFirst();
  return true;
}

const Ledger::Entry& TypedPool::entryAround(const void* pointer) const {
  return ledger.at(startAround(geometry().indexAround(pointer)));
}

std::uint32_t TypedPool::peak() const {
  return traits().has(PoolTraits::runs) ? RunPool::peakOf(*this) : ledger.everHeld(geometry().count());
}

std::size_t TypedPool::release(const Heap& heap) {
  if (!waiting.empty() || !close()) return 0;
  std::byte* region = memory();
  moveTo(BlockGeometry::nowhere());
  heap.release(heap.context, region);
  return memoryBytes();
}

std::size_t TypedPool::reacquire(const Heap& heap, const GuardSteps* guard) {
  auto* region = static_cast<std::byte*>(heap.allocate(heap.context, memoryBytes()));
  if (region == nullptr) return 0;
  start(region, guard);
  return memoryBytes();
}

}  // namespace millpond
