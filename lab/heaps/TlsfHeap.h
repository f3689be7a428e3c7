// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/Holes.h"
#include "lab/heaps/SizeLists.h"

namespace millpond::lab {

/// A heap in a region of its own: the textbook's two-level segregated fit (Masmano, Ripoll, Crespo, Real:
/// "TLSF: a new dynamic memory allocator for real-time systems", 2004), at the costs of a 32-bit device.
///
/// Free blocks are in lists, each for a range of sizes. The first level divides sizes by powers of two, the
/// second each of these into 32 equal parts. A bitmap per level finds a list whose blocks all fit (good fit:
/// the request is rounded up to the next list). Boundary tags let neighbours coalesce immediately. So the
/// time of every operation is bounded. A header takes eight bytes; the list heads are in the region as well.
/// `EspIdfHeap` is the variant that an ESP32 has.
///
/// Refuses to free anything but the start of a held block, as far as the boundary tags around it tell.
class TlsfHeap {
 public:
  static constexpr std::uint32_t alignment = 8;
  static constexpr std::uint32_t header_bytes = 8;

  /// Effect: makes a heap of all of `region`, which outlives it. Requires: 4 KiB to 16 MiB.
  explicit TlsfHeap(std::span<std::byte> region);
  TlsfHeap(const TlsfHeap&) = delete;
  TlsfHeap& operator=(const TlsfHeap&) = delete;

  /// Returns: `bytes` bytes aligned to 8, or nullptr if no list has a block that is sure to fit, or if
  /// `bytes` is 0. Cost: constant.
  void* allocate(std::size_t bytes);

  /// Effect: frees the block at `memory`; does nothing for nullptr. Returns: false, with nothing changed, if
  /// no held block starts there. Cost: constant.
  bool release(void* memory);

  /// Bitmaps, lists and blocks that the last `allocate` or `release` visited.
  std::uint32_t steps() const { return steps_; }

  /// Cost: one step per list and free block.
  Holes holes() const;
  /// Returns: the largest request that a hole of `bytes` serves.
  std::uint32_t largestRequest(std::uint32_t bytes) const {
    return bytes == 0 ? 0 : lists_.roundedDown(bytes + header_bytes) - header_bytes;
  }
  /// Blocks currently held.
  std::size_t heldBlocks() const { return held_blocks_; }

  /// Effect: calls `visit(address, bytes)` for each held block, header included, and for the list heads.
  template <class Visitor>
  void forEachHeld(Visitor visit) const {
    visit(base_ - heads_bytes, heads_bytes);
    for (std::uint32_t offset = 0; offset < bytes_; offset += at(offset)->bytes()) {
      if (!at(offset)->isFree()) visit(base_ + offset, at(offset)->bytes());
    }
  }

  /// Whether the whole region is accounted for: each block knows its neighbour, no two free blocks are
  /// adjacent, each is in the list of its size, and the bitmaps tell which lists are not empty. Cost: one
  /// step per block and list.
  bool isSound() const;

 private:
  // 32 lists a row; enough rows for 16 MiB.
  static constexpr SizeLists::Shape shape{.rows = 18, .second_bits = 5, .alignment_bits = 3};
  static constexpr std::uint32_t none = SizeLists::none;
  static constexpr std::uint32_t free_flag = 1;

  /// A block: its bytes, header included, the block before it, and, if free, its place in a list.
  struct Block {
    std::uint32_t before;
    std::uint32_t size_and_flag;
    std::uint32_t next;
    std::uint32_t previous;

    std::uint32_t bytes() const { return size_and_flag & ~free_flag; }
    bool isFree() const { return (size_and_flag & free_flag) != 0; }
  };
  static constexpr std::uint32_t least_bytes = sizeof(Block);

  // The heads that a device with less than 512 KiB needs: twelve rows of words, each with its map.
  static constexpr std::uint32_t heads_bytes = 12 * ((1U << shape.second_bits) + 1) * 4;

  Block* at(std::uint32_t offset) const { return reinterpret_cast<Block*>(base_ + offset); }
  void insert(std::uint32_t offset);
  void remove(std::uint32_t offset);
  void split(std::uint32_t offset, std::uint32_t wanted);
  void setBefore(std::uint32_t offset, std::uint32_t before);

  std::byte* base_ = nullptr;
  std::uint32_t bytes_ = 0;
  std::uint32_t held_blocks_ = 0;
  std::uint32_t steps_ = 0;
  SizeLists lists_{shape};
};

}  // namespace millpond::lab
