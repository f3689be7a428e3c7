// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "lab/heaps/Holes.h"
#include "tests/property/Operations.h"

namespace millpond::lab::test {

/// What a heap with a header a block should look like, kept beside the heap: its blocks in order of address.
class HeapModel {
 public:
  struct Block {
    std::uint32_t bytes;  // with the header
    bool held;
  };

  /// A heap whose one free block has `bytes` bytes; what is left of a block stands alone from `least` bytes.
  HeapModel(std::uint32_t bytes, std::uint32_t least) : least_(least) { blocks_[0] = {bytes, false}; }

  const std::map<std::uint32_t, Block>& blocks() const { return blocks_; }

  /// Effect: the free block at `offset` becomes a held one of `wanted` bytes. Returns: false where there is
  /// none that is large enough.
  bool take(std::uint32_t offset, std::uint32_t wanted) {
    const auto block = blocks_.find(offset);
    if (block == blocks_.end() || block->second.held || block->second.bytes < wanted) return false;
    const std::uint32_t rest = block->second.bytes - wanted;
    block->second.held = true;
    if (rest >= least_) {
      block->second.bytes = wanted;
      blocks_[offset + wanted] = {rest, false};
    }
    return true;
  }

  /// Effect: frees the held block at `offset`; free neighbours grow together.
  void give(std::uint32_t offset) {
    auto block = blocks_.find(offset);
    block->second.held = false;
    const auto after = std::next(block);
    if (after != blocks_.end() && !after->second.held) absorb(block, after);
    if (block != blocks_.begin() && !std::prev(block)->second.held) absorb(std::prev(block), block);
  }

  Holes holes(std::uint32_t header_bytes) const {
    Holes holes;
    for (const auto& [offset, block] : blocks_) {
      if (!block.held) holes.add(block.bytes - header_bytes);
    }
    return holes;
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> held() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> held;
    for (const auto& [offset, block] : blocks_) {
      if (block.held) held.emplace_back(offset, block.bytes);
    }
    return held;
  }

 private:
  using Place = std::map<std::uint32_t, Block>::iterator;
  void absorb(Place block, Place after) {
    block->second.bytes += after->second.bytes;
    blocks_.erase(after);
  }

  std::map<std::uint32_t, Block> blocks_;
  std::uint32_t least_;
};

/// A heap beside its model. `Rules` has the `alignment` of memory; `least_rest`, the bytes from which on a
/// rest is a block; `wanted(bytes)`, the block of a request, header included; and `choices(model, wanted)`,
/// the offsets of the free blocks that the heap may choose, none where it must refuse.
template <class AnyHeap, class Rules>
class HeapWorld {
 public:
  HeapWorld(AnyHeap& heap, const std::byte* base, std::uint32_t bytes, const Rules& rules)
      : heap_(heap), base_(base), model_(bytes, Rules::least_rest), rules_(rules) {}

  void apply(std::uint64_t word) {
    ++millpond::test::operations_done;
    if (word % 5 < 3 || held_.empty()) {
      // Mostly small, now and then large, as a device's requests are.
      const std::uint64_t size = word >> 8U;
      allocate(static_cast<std::uint32_t>((word >> 4U) % 4 == 0 ? size % 9000 : size % 300));
    } else {
      release(static_cast<std::size_t>((word >> 8U) % held_.size()));
    }
  }

  void allocate(std::uint32_t bytes) {
    auto* memory = static_cast<std::byte*>(heap_.allocate(bytes));
    const std::uint32_t wanted = rules_.wanted(bytes);
    const std::vector<std::uint32_t> expected =
        bytes == 0 ? std::vector<std::uint32_t>{} : rules_.choices(model_, wanted);
    if (expected.empty()) {
      RC_ASSERT((memory == nullptr));
      return;
    }
    RC_ASSERT((memory != nullptr));
    RC_ASSERT(reinterpret_cast<std::uintptr_t>(memory) % Rules::alignment == 0);
    const auto offset = static_cast<std::uint32_t>(memory - AnyHeap::header_bytes - base_);
    RC_ASSERT(std::ranges::find(expected, offset) != expected.end());
    RC_ASSERT(model_.take(offset, wanted));
    const auto mark = static_cast<unsigned char>(++marks_);
    std::memset(memory, mark, bytes);
    held_.push_back({memory, bytes, mark});
  }

  void release(std::size_t index) {
    std::swap(held_[index], held_.back());
    const Held block = held_.back();
    held_.pop_back();
    RC_ASSERT(std::all_of(block.memory, block.memory + block.bytes,
                          [&](std::byte byte) { return byte == std::byte{block.mark}; }));
    if (block.bytes >= 8) RC_ASSERT(!heap_.release(block.memory + 8));
    RC_ASSERT(heap_.release(block.memory));
    RC_ASSERT(!heap_.release(block.memory));
    model_.give(static_cast<std::uint32_t>(block.memory - AnyHeap::header_bytes - base_));
  }

  void releaseAll() {
    while (!held_.empty()) release(held_.size() - 1);
  }

  void expectSameAsModel() const {
    RC_ASSERT(heap_.isSound());
    const Holes holes = heap_.holes();
    const Holes expected = model_.holes(AnyHeap::header_bytes);
    RC_ASSERT(holes.free == expected.free);
    RC_ASSERT(holes.largest == expected.largest);
    RC_ASSERT(holes.squares == expected.squares);
    RC_ASSERT(heap_.heldBlocks() == held_.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> walked;
    heap_.forEachHeld([&](const std::byte* address, std::uint32_t bytes) {
      if (address >= base_) walked.emplace_back(static_cast<std::uint32_t>(address - base_), bytes);
    });
    RC_ASSERT(walked == model_.held());
  }

 private:
  struct Held {
    std::byte* memory;
    std::uint32_t bytes;
    unsigned char mark;
  };

  AnyHeap& heap_;
  const std::byte* base_;
  HeapModel model_;
  Rules rules_;
  std::vector<Held> held_;
  unsigned marks_ = 0;
};

/// Effect: does what `words` say to `world`, with a look at the whole heap after every eighth.
template <class World>
void drive(World& world, const std::vector<std::uint64_t>& words) {
  std::size_t count = 0;
  for (const std::uint64_t word : words) {
    world.apply(word);
    if (++count % 8 == 0) world.expectSameAsModel();
  }
  world.expectSameAsModel();
  world.releaseAll();
  world.expectSameAsModel();
}

}  // namespace millpond::lab::test
