// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// A heap in a region of its own: address-ordered first-fit with coalescing. With `device_alignment` it is
/// FreeRTOS heap_4 to the byte of a 32-bit build: a header of eight bytes per block and as many at the end of
/// the region, a rest above 16 bytes becomes a free block, and operations take time in proportion to the
/// number of free blocks. Not thread-safe; `LockedHeap` is.
///
/// Refuses to free anything but the start of a held block.
class FirstFitHeap {
 public:
  /// The alignment of heap_4 on a 32-bit device.
  static constexpr std::uint32_t device_alignment = 8;
  static constexpr std::uint32_t header_bytes = 8;

  /// Effect: makes a heap of all of `region`, which outlives it. Requires: a region of 64 bytes to 2 GiB; an
  /// `alignment` of all memory that is a power of two from 8.
  explicit FirstFitHeap(std::span<std::byte> region, std::uint32_t alignment = device_alignment);
  FirstFitHeap(const FirstFitHeap&) = delete;
  FirstFitHeap& operator=(const FirstFitHeap&) = delete;

  std::uint32_t alignment() const { return alignment_; }

  /// Returns: `bytes` bytes, or nullptr if no hole is large enough or `bytes` is 0. Cost: one step per free
  /// block before the hole.
  void* allocate(std::size_t bytes);

  /// Effect: frees the block at `memory`; does nothing for nullptr. Returns: false, with nothing changed, if
  /// no held block starts there. Cost: one step per free block before it.
  bool release(void* memory);

  /// Free blocks that the last `allocate` or `release` visited.
  std::uint32_t steps() const { return steps_; }

  /// Free bytes, headers included, and the largest request that `allocate` would serve.
  std::size_t freeBytes() const { return free_bytes_; }
  std::size_t largestFreeBlock() const;
  /// Blocks currently held.
  std::size_t heldBlocks() const { return held_blocks_; }
  /// Cost: one step per free block.
  Holes holes() const;
  /// Returns: the largest request that a hole of `bytes` serves.
  std::uint32_t largestRequest(std::uint32_t bytes) const { return bytes; }

  /// Effect: calls `visit(address, bytes)` for each held block, header included, in address order.
  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    for (std::uint32_t offset = 0; offset < bytes_; offset += at(offset)->bytes) {
      if (at(offset)->next == held) visit(base_ + offset, at(offset)->bytes);
    }
  }

  /// Whether the whole region is accounted for: free blocks in address order, no two adjacent, and held
  /// blocks in between. Cost: one step per block.
  bool isSound() const;

 private:
  /// A free or held block: its bytes, header included, and the offset of the next free one.
  struct Header {
    std::uint32_t bytes;
    std::uint32_t next;
  };
  static_assert(sizeof(Header) == header_bytes);
  static constexpr std::uint32_t none = UINT32_MAX;      // marks the end of the list of free blocks
  static constexpr std::uint32_t held = UINT32_MAX - 1;  // `next` of a held block

  Header* at(std::uint32_t offset) const { return reinterpret_cast<Header*>(base_ + offset); }

  std::byte* base_ = nullptr;
  std::uint32_t bytes_ = 0;  // without the end marker
  std::uint32_t alignment_;
  std::uint32_t first_ = 0;
  std::uint32_t free_bytes_ = 0;
  std::uint32_t held_blocks_ = 0;
  std::uint32_t steps_ = 0;
};

}  // namespace millpond::lab
