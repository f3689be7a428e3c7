// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/manager/PoolState.h"

namespace millpond {

void PoolState::start(std::byte* blocks, const GuardSteps* guard) {
  MILLPOND_REQUIRE(released());
  if (traits().has(PoolTraits::poisoned)) guard->poison(blocks - guard::front, geometry().bytes());
  moveTo(blocks);
  open();
  const bool claimed = traits().has(PoolTraits::reclaimable) || traits().fence() != 0;
  if (!claimed) clearTrait(PoolTraits::claimed);
}

std::uint32_t PoolState::take(std::size_t size, Access access) {
  const PoolTraits seen = traits();
  if (!seen.has(PoolTraits::runs)) return block_pool::take(*this, access);
  return run_pool::take(*this, run_pool::granulesFor(size + seen.fence(), seen.shift()), access);
}

// Combines the fast path's two ways: a block is a run of one.
bool PoolState::give(std::uint32_t index) {
  const PoolTraits seen = traits();
  std::uint32_t units = std::uint32_t{1} << (index % bits::per_word);
  if (seen.has(PoolTraits::runs)) units = run_pool::takeFromCell(*this, index);
  if (units == 0 || wordOf(index).setBits(units) != 0) return false;
  if (seen.summarised()) summary().setBits(std::uint32_t{1} << (index / bits::per_word));
  if (!waiting.empty()) wakeFirst();
  return true;
}

// The flag is also set under the mask: a task that finds the queue empty clears it afterwards.
void PoolState::wakeFirst() {
  const Port::Critical critical;
  WaitQueue::Waiter* const first = waiting.first();
  if (first == nullptr) return;
  setTrait(PoolTraits::waited);
  first->event_.notify();
}

// If units are freed after a check and before the flag is cleared, the first waiter is awake and checks
// again.
void PoolState::serveWaiting() {
  WaitQueue::Waiter* waiter = waiting.first();
  while (waiter != nullptr) {
    WaitQueue::Waiter* const next = waiter->next();
    if (!serve(*waiter)) return setTrait(PoolTraits::waited);
    waiter = next;
  }
  clearTrait(PoolTraits::waited);
}

// Not inlined: the loop would keep what a check needs in registers, and save them all on the stack.
// Returns: whether the waiters behind it may be served. If it could use any unit and gets none, none is left
// for them.
[[gnu::noinline]] bool PoolState::serve(WaitQueue::Waiter& waiter) {
  waiter.served_ = take(waiter.size(), waiter.access());
  if (waiter.served_ == none)
    return !waiter.insists() && waiter.size() + traits().fence() > geometry().blockSize();
  waiting.remove(waiter);
  waiter.wake();
  return true;
}

// The wake-up that it received may have been meant for the next waiter as well.
void PoolState::giveUp(WaitQueue::Waiter& waiter) {
  waiting.remove(waiter);
  wakeFirst();
  if (waiting.empty()) clearTrait(PoolTraits::waited);
}

const Ledger::Entry& PoolState::entryAround(const void* pointer) const {
  return ledger.at(startAround(geometry().indexAround(pointer)));
}

std::size_t PoolState::breachAt(std::uint32_t index, const GuardSteps& guard) const {
  const Ledger::Entry& entry = ledger.at(index);
  // Ordered, so that the canary is read after it; the canary's reads come before the second look.
  const std::uint32_t generation = entry.generation.loadOrdered();
  const std::uint32_t holding = entry.holding.packed();
  const std::size_t bytes = granted(index);
  const std::size_t size = Holding::sizeIn(holding);
  if (Holding::ownersIn(holding) == 0 || size > bytes) return guard::intact;
  const std::size_t breach = guard.firstBreach(block(index), size, bytes);
  const bool same = entry.holding.packed() == holding && entry.generation.load() == generation;
  return same ? breach : guard::intact;
}

std::byte* PoolState::withdraw() {
  MILLPOND_REQUIRE(hasRegion());
  if (!waiting.empty() || !close()) return nullptr;
  std::byte* blocks = block(0);
  moveTo(BlockGeometry::nowhere());
  return blocks;
}

std::byte* PoolState::abandon() {
  MILLPOND_REQUIRE(hasRegion());
  shut();
  std::byte* blocks = block(0);
  moveTo(BlockGeometry::nowhere());
  return blocks;
}

// If a free is a claim, a block with an owner is held, whatever the pool's words say meanwhile.
std::uint32_t PoolState::live() const {
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
