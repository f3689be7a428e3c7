// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// A heap in a region of its own: address-ordered first-fit with coalescing of neighbours, the policy of
/// FreeRTOS heap_4 with a 32-bit device's costs: a header of eight bytes a block, the time of an operation in
/// proportion to the number of free blocks. For one thread; `LockedHeap` is for several.
///
/// A free of anything but a held block's start is refused.
class FirstFitHeap {
 public:
  /// What heap_4 aligns to on a 32-bit device.
  static constexpr std::uint32_t device_alignment = 8;
  static constexpr std::uint32_t header_bytes = 8;

  /// Effect: a heap of all of `region`, which outlives it. Requires: a region of 64 bytes to 2 GiB;
  /// `alignment`, which all memory has, a power of two from 8.
  explicit FirstFitHeap(std::span<std::byte> region, std::uint32_t alignment = alignof(std::max_align_t));
  FirstFitHeap(const FirstFitHeap&) = delete;
  FirstFitHeap& operator=(const FirstFitHeap&) = delete;

  std::uint32_t alignment() const { return alignment_; }

  /// Returns: `bytes` bytes, or nullptr where no hole is large enough, or for 0 bytes.
  /// Cost: one step a free block that lies before the hole.
  void* allocate(std::size_t bytes);

  /// Effect: gives the block at `memory` back; nothing for nullptr. Returns: false, with nothing changed,
  /// where no held block starts there. Cost: one step a free block that lies before it.
  bool release(void* memory);

  /// Free blocks that the last `allocate` or `release` looked at.
  std::uint32_t steps() const { return steps_; }

  /// Bytes that are free, headers included, and the largest request that `allocate` would serve.
  std::size_t freeBytes() const { return free_bytes_; }
  std::size_t largestFreeBlock() const;
  /// Blocks held just now.
  std::size_t heldBlocks() const { return held_blocks_; }
  /// Cost: one step a free block.
  Holes holes() const;

  /// Effect: calls `visit(address, bytes)` for each held block with its header, in order of address.
  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    for (std::uint32_t offset = 0; offset < bytes_; offset += at(offset)->bytes) {
      if (at(offset)->next == held) visit(base_ + offset, at(offset)->bytes);
    }
  }

  /// Whether the whole region is accounted for: free blocks in order of address, none next to another, and
  /// held blocks in between. Cost: one step a block.
  bool isSound() const;

 private:
  /// A block, free or held: its bytes with the header, and the offset of the next free one.
  struct Header {
    std::uint32_t bytes;
    std::uint32_t next;
  };
  static_assert(sizeof(Header) == header_bytes);
  static constexpr std::uint32_t none = UINT32_MAX;      // behind the last free block
  static constexpr std::uint32_t held = UINT32_MAX - 1;  // `next` of a held block

  Header* at(std::uint32_t offset) const { return reinterpret_cast<Header*>(base_ + offset); }

  std::byte* base_ = nullptr;
  std::uint32_t bytes_ = 0;
  std::uint32_t alignment_;
  std::uint32_t first_ = 0;
  std::uint32_t free_bytes_ = 0;
  std::uint32_t held_blocks_ = 0;
  std::uint32_t steps_ = 0;
};

}  // namespace millpond::lab
