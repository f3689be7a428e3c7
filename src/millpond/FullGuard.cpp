// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/MemoryManager.h"

namespace millpond {

/// The steps, with what of the memory manager they need.
struct FullGuardSteps {
  static void poison(std::byte* memory, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; ++at) memory[at] = guard::poison_byte;
  }

  static void check(MemoryManager& manager, TypedPool& typed, std::uint32_t index) {
    const std::size_t stain = guard::firstStain(typed.block(index), typed.granted(index));
    if (stain != guard::intact) manager.violated(typed, index, stain);
  }

  // The block is nobody's by now, yet the pool does not have it: a second free stops at the owner.
  static void rest(MemoryManager& manager, TypedPool& typed, std::uint32_t index) {
    poison(typed.block(index), typed.granted(index));
    if (!typed.waiting.empty()) return static_cast<void>(typed.give(index));
    giveBack(manager, manager.quarantine_->put(typed.block(index)));
  }

  static void endRest(MemoryManager& manager) {
    for (std::uint32_t place = 0; place < Quarantine::places; ++place) {
      giveBack(manager, manager.quarantine_->take(place));
    }
  }

  static void giveBack(MemoryManager& manager, void* block) {
    std::uint32_t index = 0;
    TypedPool* typed = block != nullptr ? manager.poolOf(block, index) : nullptr;
    if (typed != nullptr) typed->give(index);
  }
};

const FullGuard FullGuard::table{&FullGuardSteps::poison, &FullGuardSteps::check, &FullGuardSteps::rest,
                                 &FullGuardSteps::endRest};

}  // namespace millpond
