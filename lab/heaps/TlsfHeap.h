// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lab/heaps/Holes.h"

namespace millpond::lab {

/// A heap in a region of its own: two-level segregated fit (Masmano, Ripoll, Crespo, Real: "TLSF: a new
/// dynamic memory allocator for real-time systems", 2004), at the costs of a 32-bit device.
///
/// Free blocks are in lists, each for a range of sizes. The first level divides sizes by powers of two, the
/// second each of these into 32 equal parts. A bitmap per level finds a list whose blocks all fit (good fit:
/// the request is rounded up to the next list). Boundary tags let neighbours coalesce immediately. So the
/// time of every operation is bounded. A header takes eight bytes; the list heads are in the region as well.
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

  /// Cost: one step per block.
  Holes holes() const;
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
  static constexpr std::uint32_t second_bits = 5;
  static constexpr std::uint32_t second_lists = 1U << second_bits;
  // Below this size each size has its own list, all of them in the first level's first row.
  static constexpr std::uint32_t small_bits = 8;
  static constexpr std::uint32_t first_lists = 24 - small_bits + 2;
  static constexpr std::uint32_t none = UINT32_MAX;
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

  struct List {
    std::uint32_t first;
    std::uint32_t second;
  };

  struct Heads {
    std::uint32_t first_map = 0;
    std::array<std::uint32_t, first_lists> second_maps{};
    std::array<std::array<std::uint32_t, second_lists>, first_lists> lists{};
  };
  // The heads that a device with less than 512 KiB needs: twelve rows of words, each with its map.
  static constexpr std::uint32_t heads_bytes = 12 * (second_lists + 1) * 4;

  static List listOf(std::uint32_t bytes);
  static List listAbove(std::uint32_t bytes);
  Block* at(std::uint32_t offset) const { return reinterpret_cast<Block*>(base_ + offset); }
  std::uint32_t find(List& list) const;
  void insert(std::uint32_t offset);
  void remove(std::uint32_t offset);
  void split(std::uint32_t offset, std::uint32_t wanted);
  void setBefore(std::uint32_t offset, std::uint32_t before);
  bool areListsSound(std::size_t free_blocks) const;

  std::byte* base_ = nullptr;
  std::uint32_t bytes_ = 0;
  std::uint32_t held_blocks_ = 0;
  std::uint32_t steps_ = 0;
  Heads heads_;
};

}  // namespace millpond::lab
