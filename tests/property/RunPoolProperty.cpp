// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "millpond/RunPool.h"
#include "property/Operations.h"
#include "support/Scale.h"

namespace millpond {
namespace run_pool_property {

constexpr std::size_t granule = 32;

/// A pool of any number of granules, beside a list of the runs held.
class World {
 public:
  explicit World(std::uint32_t count)
      : memory_(count * granule),
        state_(RunPool::stateWords(count)),
        pool_(memory_.data(), granule, count, state_.data()),
        length_(count),
        held_(count) {}

  void take(std::size_t size) {
    const std::size_t length = (size + granule - 1) / granule;
    const std::size_t expected = firstFit(length);
    const void* run = pool_.allocate(size);
    if (expected == held_.size()) {
      RC_ASSERT((run == nullptr));
      return;
    }
    RC_ASSERT((run == memory_.data() + expected * granule));
    length_[expected] = length;
    std::fill_n(held_.begin() + static_cast<std::ptrdiff_t>(expected), length, true);
    in_use_ += length;
    peak_ = std::max(peak_, in_use_);
  }

  void freeAnywhere(std::size_t place) {
    const std::size_t offset = place % (memory_.size() + 2 * granule);
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.data()) + offset - granule;
    expectFree(reinterpret_cast<void*>(address), offset - granule);
  }
  void freeGranule(std::size_t index) {
    const std::size_t offset = index % held_.size() * granule;
    expectFree(memory_.data() + offset, offset);
  }
  // The first run at or after a granule.
  void freeRun(std::size_t index) {
    for (std::size_t step = 0; step < held_.size(); ++step) {
      const std::size_t start = (index + step) % held_.size();
      if (length_[start] != 0) return freeGranule(start);
    }
  }

  void expectSameAsModel() {
    for (std::size_t index = 0; index < held_.size(); ++index) {
      RC_ASSERT(pool_.heldAt(static_cast<std::uint32_t>(index)) == length_[index]);
    }
    RC_ASSERT(pool_.inUse() == in_use_);
    RC_ASSERT(pool_.peak() == peak_);
  }

 private:
  void expectFree(const void* pointer, std::size_t offset) {
    const bool is_start = offset < memory_.size() && offset % granule == 0 && length_[offset / granule] != 0;
    RC_ASSERT(pool_.deallocate(pointer) == is_start);
    if (!is_start) return;
    const std::size_t start = offset / granule;
    std::fill_n(held_.begin() + static_cast<std::ptrdiff_t>(start), length_[start], false);
    in_use_ -= length_[start];
    length_[start] = 0;
  }

  std::size_t firstFit(std::size_t length) const {
    std::size_t free = 0;
    for (std::size_t index = 0; index < held_.size(); ++index) {
      if (index % 32 == 0) free = 0;
      free = held_[index] ? 0 : free + 1;
      if (free >= length) return index + 1 - length;
    }
    return held_.size();
  }

  std::vector<std::byte> memory_;
  std::vector<Word> state_;
  RunPool pool_;
  std::vector<std::size_t> length_;
  std::vector<bool> held_;
  std::size_t in_use_ = 0;
  std::size_t peak_ = 0;
};

RC_GTEST_PROP(RunPoolProperty, DoesWhatAListOfRunsDoes, ()) {
  const auto count =
      *rc::gen::oneOf(rc::gen::element(1U, 8U, 31U, 32U, 33U, 64U, 70U, 1024U), rc::gen::inRange(1U, 129U));
  World world(count);
  const auto words = test::arbitraryWords(test::scaled(3000));
  std::size_t step = 0;
  for (const std::uint64_t word : words) {
    const std::uint64_t chance = word & 0xFF;
    const auto pick = static_cast<std::size_t>(word >> 16U & 0xFFFF'FFFF);
    const std::size_t longest = (word >> 8U & 7U) == 0 ? 36 * granule : 4 * granule;
    if (chance < 120) {
      world.take(pick % longest + 1);
    } else if (chance < 200) {
      world.freeRun(pick);
    } else if (chance < 240) {
      world.freeGranule(pick);
    } else {
      world.freeAnywhere(pick);
    }
    if (++step % 16 == 0) world.expectSameAsModel();
    ++test::operations_done;
  }
  world.expectSameAsModel();
}

}  // namespace run_pool_property
}  // namespace millpond
