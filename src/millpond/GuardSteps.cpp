// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/GuardSteps.h"

#include "millpond/MemoryManager.h"

namespace millpond {

MILLPOND_HOT_DATA const GuardSteps GuardSteps::claims{nullptr, &freeClaimed, nullptr, nullptr, nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::light{&seal, &freeSealed, &guard::firstBreach, nullptr,
                                                     nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::fenced{&sealFenced, &freeFenced, &guard::firstFencedBreach,
                                                      nullptr, nullptr};
MILLPOND_HOT_DATA const GuardSteps GuardSteps::full{&takePoisoned, &freePoisoned, &guard::firstFencedBreach,
                                                    &fillPoison, &endRest};

// A block that is not held has no owner, so that `validate` takes it for nobody's until it is written down
// again. Where a free is a claim, whoever takes the block from its owner is the one that frees it, whatever
// becomes of the pool's memory: what is claimed is what was held before the pool was seen to lie there.
// Elsewhere the bit decides, and this is a plain write.
bool GuardSteps::mayFree(TypedPool& typed, std::uint32_t index, const void* block) {
  Holding& holding = typed.ledger.at(index).holding;
  const std::uint32_t held = holding.word();
  if (typed.heldAt(index) == 0) return false;
  if (typed.traits().has(PoolTraits::claimed)) return typed.block(index) == block && holding.claim(held);
  if (holding.owners() != 1) return false;
  holding.close(holding.size());
  return true;
}

bool GuardSteps::freeClaimed(MemoryManager& /*manager*/, TypedPool& typed, std::uint32_t index, void* block) {
  return mayFree(typed, index, block) && typed.give(index);
}

void GuardSteps::seal(MemoryManager& /*manager*/, TypedPool& typed, std::uint32_t index, std::size_t size) {
  guard::seal(typed.block(index), size, typed.granted(index));
}

bool GuardSteps::freeSealed(MemoryManager& manager, TypedPool& typed, std::uint32_t index, void* block) {
  if (!mayFree(typed, index, block)) return false;
  checkSeal(manager, typed, index);
  return typed.give(index);
}

void GuardSteps::checkSeal(MemoryManager& manager, const TypedPool& typed, std::uint32_t index) {
  const std::size_t size = typed.ledger.at(index).holding.size();
  const std::size_t granted = typed.granted(index);
  if (size > granted) return;  // another free of the same block was quicker: this one will be refused
  const std::size_t breach = manager.guard_->firstBreach(typed.block(index), size, granted);
  if (breach != guard::intact) manager.violated(typed, index, breach);
}

void GuardSteps::sealFenced(MemoryManager& /*manager*/, TypedPool& typed, std::uint32_t index,
                            std::size_t size) {
  std::byte* block = typed.block(index);
  const std::size_t granted = typed.granted(index);
  guard::seal(block, size, granted);
  guard::sealFence(block, granted);
}

bool GuardSteps::freeFenced(MemoryManager& manager, TypedPool& typed, std::uint32_t index, void* block) {
  if (!mayFree(typed, index, block)) return false;
  checkFence(manager, typed, index);
  return typed.give(index);
}

// Who writes far past the end of a block breaks the front of the next one as well. So that the next one's
// holder is not told of alone, the block below is looked at where a front is broken.
void GuardSteps::checkFence(MemoryManager& manager, const TypedPool& typed, std::uint32_t index) {
  std::byte* block = typed.block(index);
  const std::size_t granted = typed.granted(index);
  const bool whole = guard::isFenced(block, granted);
  if (whole && guard::isSealed(block, typed.ledger.at(index).holding.size(), granted)) return;
  checkSeal(manager, typed, index);
  if (index == 0 || whole) return;
  const std::uint32_t below = typed.startAround(index - 1);
  const std::size_t breach = typed.breachAt(below, *manager.guard_);
  if (breach != guard::intact) manager.violated(typed, below, breach);
}

void GuardSteps::takePoisoned(MemoryManager& manager, TypedPool& typed, std::uint32_t index,
                              std::size_t size) {
  const std::size_t stain = guard::firstStain(typed.cell(index), typed.cellBytes(index));
  if (stain != guard::intact) manager.violated(typed, index, stain - guard::front);
  sealFenced(manager, typed, index, size);
}

// Once claimed the block is nobody's, yet the pool does not have it: a second free stops at the owner.
bool GuardSteps::freePoisoned(MemoryManager& manager, TypedPool& typed, std::uint32_t index, void* block) {
  if (!mayFree(typed, index, block)) return false;
  checkFence(manager, typed, index);
  fillPoison(typed.cell(index), typed.cellBytes(index));
  if (!typed.waiting.empty()) return typed.give(index);
  giveBack(manager, manager.quarantine_->put(block));
  if (!typed.waiting.empty()) endRest(manager);  // somebody came before it rested
  return true;
}

// Atomic as `guard::seal`, for the same reason.
void GuardSteps::fillPoison(std::byte* memory, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += sizeof(guard::poison)) {
    guard::wordAt(memory, at).store(guard::poison, std::memory_order_relaxed);
  }
}

void GuardSteps::endRest(MemoryManager& manager) {
  for (std::uint32_t place = 0; place < Quarantine::places; ++place) {
    giveBack(manager, manager.quarantine_->take(place));
  }
}

void GuardSteps::giveBack(MemoryManager& manager, void* block) {
  std::uint32_t index = 0;
  TypedPool* typed = block != nullptr ? manager.poolOf(block, index) : nullptr;
  if (typed != nullptr) typed->give(index);
}

}  // namespace millpond
