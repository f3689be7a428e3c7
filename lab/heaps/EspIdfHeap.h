// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/Holes.h"
#include "lab/heaps/SizeLists.h"

namespace millpond::lab {

/// A heap in a region of its own: what ESP-IDF has behind `malloc`, a two-level segregated fit, to the byte
/// of its 32-bit build.
///
/// It differs from the textbook's (`TlsfHeap`): the block itself is rounded up to the size with which a list
/// begins, not only the search, so a freed block serves the next request of its size; a heap up to 16 KiB has
/// 8 lists a power of two, one up to 256 KiB has 16, a larger one 32; a header has 4 bytes, and a free block
/// keeps its links and, in its last word, its own address; memory is aligned to 4.
///
/// Refuses to free anything but the start of a held block, as far as the headers around it tell.
class EspIdfHeap {
 public:
  static constexpr std::uint32_t header_bytes = 4;
  static constexpr std::uint32_t least_alignment = 4;

  /// Effect: makes a heap of all of `region`, which outlives it. Requires: 1 KiB to 16 MiB.
  explicit EspIdfHeap(std::span<std::byte> region);
  EspIdfHeap(const EspIdfHeap&) = delete;
  EspIdfHeap& operator=(const EspIdfHeap&) = delete;

  /// Returns: `bytes` bytes aligned to `alignment`, a power of two, or nullptr if no list has a block that is
  /// sure to fit, or if `bytes` is 0. Above an alignment of 4 the block is not rounded up. Cost: constant.
  void* allocate(std::size_t bytes, std::uint32_t alignment = least_alignment);

  /// Effect: frees the block at `memory`; does nothing for nullptr. Returns: false, with nothing changed, if
  /// no held block starts there. Cost: constant.
  bool release(void* memory);

  /// Bitmaps, lists and blocks that the last `allocate` or `release` visited.
  std::uint32_t steps() const { return steps_; }

  /// Cost: one step per list and free block.
  Holes holes() const;
  /// Returns: the largest request that a hole of `bytes` serves.
  std::uint32_t largestRequest(std::uint32_t bytes) const { return lists_.roundedDown(bytes); }
  /// Blocks currently held.
  std::size_t heldBlocks() const { return held_blocks_; }

  /// Effect: calls `visit(address, bytes)` for the heap's own tables and each held block, header included, in
  /// address order.
  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    visit(base_, first_);
    for (std::uint32_t header = first_; header != end_; header = behind(header)) {
      if (!isFree(header)) visit(base_ + header, sizeOf(header) + header_bytes);
    }
  }

  /// Whether the whole region is accounted for: headers and last words agree, no two free blocks are
  /// adjacent, and each is in the list of its size. Cost: one step per block and list.
  bool isSound() const;

 private:
  // In a header, beside the size.
  static constexpr std::uint32_t free_flag = 1;
  static constexpr std::uint32_t free_before_flag = 2;
  // A block must have room for its two links and its own address.
  static constexpr std::uint32_t least_bytes = 12;
  // Of the 32-bit build: what registers a heap, and the part of its tables that does not depend on the size.
  static constexpr std::uint32_t registration_bytes = 20;
  static constexpr std::uint32_t fixed_table_bytes = 36;
  static constexpr std::uint32_t word_bytes = 4;

  static SizeLists::Shape shapeOf(std::uint32_t bytes);

  // A block is named by the offset of its header; its bytes are behind the header.
  std::uint32_t& word(std::uint32_t offset) const {
    return *reinterpret_cast<std::uint32_t*>(base_ + offset);
  }
  std::uint32_t sizeOf(std::uint32_t header) const { return word(header) & ~(free_flag | free_before_flag); }
  bool isFree(std::uint32_t header) const { return (word(header) & free_flag) != 0; }
  bool isFreeBefore(std::uint32_t header) const { return (word(header) & free_before_flag) != 0; }
  std::uint32_t behind(std::uint32_t header) const { return header + header_bytes + sizeOf(header); }
  std::uint32_t before(std::uint32_t header) const { return word(header - header_bytes); }

  std::uint32_t atLeast(std::uint32_t bytes, std::uint32_t alignment) const;
  std::uint32_t skipToAligned(std::uint32_t header, std::uint32_t alignment);
  void makeFree(std::uint32_t header, std::uint32_t bytes);
  void takeFrom(std::uint32_t header, std::uint32_t wanted);
  void remove(std::uint32_t header);
  bool isHeld(std::uint32_t header) const;

  std::byte* base_;
  std::uint32_t bytes_;  // without the registration
  SizeLists lists_;
  std::uint32_t first_ = 0;  // the first header
  std::uint32_t end_ = 0;    // the header without bytes behind the last block
  std::uint32_t held_blocks_ = 0;
  std::uint32_t steps_ = 0;
};

}  // namespace millpond::lab
