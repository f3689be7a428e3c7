// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cstddef>
#include <cstdint>
#include <vector>

#include "millpond/BlockPool.h"
#include "property/Operations.h"
#include "support/Scale.h"

namespace millpond {
namespace block_pool_property {

constexpr std::size_t block_size = 24;

/// A pool of any number of blocks, beside a list of who holds what.
class World {
 public:
  explicit World(std::uint32_t count)
      : memory_(count * block_size),
        state_(BlockPool::stateWords(count)),
        pool_(memory_.data(), block_size, count, state_.data()),
        held_(count) {}

  void take() {
    const std::uint32_t expected = lowestFree();
    const void* block = pool_.allocate();
    if (expected == held_.size()) {
      RC_ASSERT((block == nullptr));
      return;
    }
    RC_ASSERT((block == memory_.data() + expected * block_size));
    held_[expected] = true;
  }

  // Of any byte of the pool, or a little beside it.
  void freeAnywhere(std::size_t place) {
    const std::size_t offset = place % (memory_.size() + 2 * block_size);
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) + offset - block_size;
    expectFree(reinterpret_cast<void*>(address), offset - block_size);
  }
  void freeBlock(std::size_t index) {
    const std::size_t offset = index % held_.size() * block_size;
    expectFree(memory_.data() + offset, offset);
  }

  void expectSameAsModel() {
    std::uint32_t held = 0;
    for (std::size_t index = 0; index < held_.size(); ++index) {
      RC_ASSERT((pool_.heldAt(static_cast<std::uint32_t>(index)) == 1) == held_[index]);
      held += held_[index] ? 1 : 0;
    }
    RC_ASSERT(pool_.inUse() == held);
  }

 private:
  void expectFree(const void* pointer, std::size_t offset) {
    const bool is_held = offset < memory_.size() && offset % block_size == 0 && held_[offset / block_size];
    RC_ASSERT(pool_.deallocate(pointer) == is_held);
    if (is_held) held_[offset / block_size] = false;
  }
  std::uint32_t lowestFree() const {
    std::uint32_t index = 0;
    while (index < held_.size() && held_[index]) ++index;
    return index;
  }

  std::vector<std::byte> memory_;
  std::vector<Word> state_;
  BlockPool pool_;
  std::vector<bool> held_;
};

RC_GTEST_PROP(BlockPoolProperty, DoesWhatAListOfOwnersDoes, ()) {
  const auto count = *rc::gen::oneOf(rc::gen::element(1U, 4U, 31U, 32U, 33U, 64U, 1000U, 1024U),
                                     rc::gen::inRange(1U, 1025U));
  World world(count);
  const auto words = test::arbitraryWords(test::scaled(3000));
  std::size_t step = 0;
  // Whether a pool rather fills up or empties changes every so often.
  for (const std::uint64_t word : words) {
    const std::uint64_t filling = word >> 60U;
    const auto pick = static_cast<std::size_t>(word >> 8U & 0xFFFF'FFFF);
    const std::uint64_t chance = (word & 0xFF) + (step++ / 500 % 2) * 100 + filling;
    if (chance < 160) {
      world.take();
    } else if (chance < 330) {
      world.freeBlock(pick);
    } else {
      world.freeAnywhere(pick);
    }
    if (step % 16 == 0) world.expectSameAsModel();
    ++test::operations_done;
  }
  world.expectSameAsModel();
}

}  // namespace block_pool_property
}  // namespace millpond
