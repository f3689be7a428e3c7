// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/manager/GuardSteps.h"

#include "millpond/manager/ManagerCore.h"

namespace millpond {

MILLPOND_HOT_DATA const GuardSteps GuardSteps::claims{nullptr, &freeClaimed, nullptr, nullptr, nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::light{&seal, &freeSealed, &guard::firstBreach, nullptr,
                                                     nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::fenced{&sealFenced, &freeFenced, &guard::firstFencedBreach,
                                                      nullptr, nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::full{&takePoisoned, &freePoisoned, &guard::firstFencedBreach,
                                                    &fillPoison, &endRest};

// Ends the ownership of the block, so that `validate` ignores it until the next holder is recorded. If a free
// is a claim, the caller that takes the block from its owner is the one that frees it, whatever happens to
// the pool's memory: it claims the holding that it read before it found the pool there. Otherwise the bit
// decides, and this is a plain write.
bool GuardSteps::mayFree(PoolState& pool, std::uint32_t index, const void* block) {
  Holding& holding = pool.ledger.at(index).holding;
  const std::uint32_t held = holding.packed();
  if (pool.heldAt(index) == 0) return false;
  if (pool.traits().has(PoolTraits::claimed)) return pool.block(index) == block && holding.claim(held);
  if (holding.owners() != 1) return false;
  holding.close(holding.size());
  return true;
}

bool GuardSteps::freeClaimed(ManagerCore& /*core*/, PoolState& pool, std::uint32_t index, void* block) {
  return mayFree(pool, index, block) && pool.give(index);
}

void GuardSteps::seal(ManagerCore& /*core*/, PoolState& pool, std::uint32_t index, std::size_t size) {
  guard::seal(pool.block(index), size, pool.granted(index));
}

bool GuardSteps::freeSealed(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block) {
  if (!mayFree(pool, index, block)) return false;
  checkSeal(core, pool, index);
  return pool.give(index);
}

void GuardSteps::checkSeal(ManagerCore& core, const PoolState& pool, std::uint32_t index) {
  const std::size_t size = pool.ledger.at(index).holding.size();
  const std::size_t granted = pool.granted(index);
  if (size > granted) return;  // another free of the same block was faster: this one will be refused
  const std::size_t breach = core.guard_->firstBreach(pool.block(index), size, granted);
  if (breach != guard::intact) core.violated(pool, index, breach);
}

void GuardSteps::sealFenced(ManagerCore& /*core*/, PoolState& pool, std::uint32_t index, std::size_t size) {
  std::byte* block = pool.block(index);
  const std::size_t granted = pool.granted(index);
  guard::seal(block, size, granted);
  guard::sealFence(block, granted);
}

bool GuardSteps::freeFenced(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block) {
  if (!mayFree(pool, index, block)) return false;
  checkFence(core, pool, index);
  return pool.give(index);
}

// A write far past the end of a block also breaks the front of the next block. If a front is broken, the
// block below is therefore checked too, so that not only the next block's holder is reported.
void GuardSteps::checkFence(ManagerCore& core, const PoolState& pool, std::uint32_t index) {
  std::byte* block = pool.block(index);
  const std::size_t granted = pool.granted(index);
  const bool whole = guard::isFenced(block, granted);
  if (whole && guard::isSealed(block, pool.ledger.at(index).holding.size(), granted)) return;
  checkSeal(core, pool, index);
  if (index == 0 || whole) return;
  const std::uint32_t below = pool.startAround(index - 1);
  const std::size_t breach = pool.breachAt(below, *core.guard_);
  if (breach != guard::intact) core.violated(pool, below, breach);
}

void GuardSteps::takePoisoned(ManagerCore& core, PoolState& pool, std::uint32_t index, std::size_t size) {
  const std::size_t bytes = pool.cellBytes(index);
  const std::size_t stain = guard::firstStain(pool.cell(index), bytes);
  if (stain != guard::intact) core.violated(pool, index, stain - guard::front);
  sealFenced(core, pool, index, size);
}

// A claimed block has no owner, but the pool does not have it yet: a double free stops at the owner check.
bool GuardSteps::freePoisoned(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block) {
  if (!mayFree(pool, index, block)) return false;
  checkFence(core, pool, index);
  fillPoison(pool.cell(index), pool.cellBytes(index));
  if (!pool.waiting.empty()) return pool.give(index);
  giveBack(core, core.quarantine_->put(block));
  if (!pool.waiting.empty()) endRest(core);  // a waiter came before the block was in quarantine
  return true;
}

// Atomic as `guard::seal`, for the same reason.
void GuardSteps::fillPoison(std::byte* memory, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += sizeof(guard::poison)) {
    guard::mark(memory, at, guard::poison);
  }
}

void GuardSteps::endRest(ManagerCore& core) {
  for (std::uint32_t place = 0; place < Quarantine::places; ++place) {
    giveBack(core, core.quarantine_->take(place));
  }
}

void GuardSteps::giveBack(ManagerCore& core, void* block) {
  std::uint32_t index = 0;
  PoolState* pool = block != nullptr ? core.poolOf(block, index) : nullptr;
  if (pool != nullptr) pool->give(index);
}

}  // namespace millpond
