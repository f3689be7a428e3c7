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
  tables.memory += geometry().bytes();
}

void TypedPool::start(std::byte* blocks, const GuardSteps* guard) {
  if (traits().has(PoolTraits::poisoned)) guard->poison(blocks - guard::front, geometry().bytes());
  moveTo(blocks);
  kind_.reopen(*this);
}

bool TypedPool::give(std::uint32_t index) {
  if (!kind_.give(*this, index)) return false;
  if (!waiting.empty()) wakeFirst();
  return true;
}

// The mark under the mask as well: whoever finds the queue empty clears it afterwards.
void TypedPool::wakeFirst() {
  const Port::Critical critical;
  WaitQueue::Waiter* const first = waiting.first();
  if (first == nullptr) return;
  standBack();
  first->event_.notify();
}

// Where units are given back after a look and before the mark is cleared, the first is awake and looks again.
void TypedPool::serveWaiting() {
  WaitQueue::Waiter* waiter = waiting.first();
  while (waiter != nullptr) {
    WaitQueue::Waiter* const next = waiter->next();
    if (!serve(*waiter)) return standBack();
    waiter = next;
  }
  standBackNoMore();
}

// Not inlined, as the loop would keep in registers what a look needs, and save them all on the stack.
// Returns: whether those behind may be served. Who could use any unit and gets none leaves nothing for them.
[[gnu::noinline]] bool TypedPool::serve(WaitQueue::Waiter& waiter) {
  waiter.served_ = take(waiter.size(), waiter.access());
  if (waiter.served_ == none)
    return !waiter.insists() && waiter.size() + traits().fence() > geometry().blockSize();
  waiting.remove(waiter);
  const Port::Critical critical;  // whoever found it first in the queue is done with it
  waiter.event_.notify();
  return true;
}

// Whatever woke this one may have been meant for the next as well.
void TypedPool::giveUp(WaitQueue::Waiter& waiter) {
  waiting.remove(waiter);
  wakeFirst();
  if (waiting.empty()) standBackNoMore();
}

const Ledger::Entry& TypedPool::entryAround(const void* pointer) const {
  return ledger.at(startAround(geometry().indexAround(pointer)));
}

std::byte* TypedPool::withdraw() {
  if (!waiting.empty() || !close()) return nullptr;
  std::byte* blocks = block(0);
  moveTo(BlockGeometry::nowhere());
  return blocks;
}

std::byte* TypedPool::abandon() {
  shut();
  std::byte* blocks = block(0);
  moveTo(BlockGeometry::nowhere());
  return blocks;
}

// Where a free is a claim, who has an owner is held, whatever the pool's words say meanwhile.
std::uint32_t TypedPool::live() const {
  if (!traits().has(PoolTraits::claimed)) return inUse();
  std::uint32_t units = 0;
  for (std::uint32_t index = 0; index < geometry().count();) {
    const std::uint32_t run = liveAt(index);
    units += run;
    index += run != 0 ? run : 1;  // so that no unit counts twice, whatever happens meanwhile
  }
  return units;
}

}  // namespace millpond
