// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

#include "millpond/Heap.h"

namespace millpond::lab {

/// A heap in a region of its own: address-ordered first-fit with coalescing of neighbours, the policy of
/// FreeRTOS heap_4 with its costs: a header of two words a block, sizes rounded up to eight bytes, the time
/// of an operation in proportion to the number of free blocks. A host's stand-in for a device's heap.
///
/// Safe from several threads: one lock. A free of anything but a held block's start is refused.
class FirstFitHeap {
 public:
  /// Effect: a heap of all of `region`, which outlives it. Requires: at least two headers' bytes.
  explicit FirstFitHeap(std::span<std::byte> region);
  FirstFitHeap(const FirstFitHeap&) = delete;
  FirstFitHeap& operator=(const FirstFitHeap&) = delete;

  /// Returns: `bytes` bytes aligned to 16, or nullptr where no hole is large enough, or for 0 bytes.
  void* allocate(std::size_t bytes);

  /// Effect: gives the block at `memory` back; nothing for nullptr. Returns: false, with nothing changed,
  /// where no held block starts there. Cost: one step a free block.
  bool release(void* memory);

  /// Bytes that are free, headers included, and the largest request that `allocate` would serve.
  std::size_t freeBytes() const;
  std::size_t largestFreeBlock() const;
  /// Blocks held just now.
  std::size_t heldBlocks() const;

  /// Whether the whole region is accounted for: free blocks in order of address, none next to another, and
  /// held blocks in between. Cost: one step a block.
  bool isSound() const;

  /// This heap as what lies behind a memory manager; it must outlive it.
  Heap asHeap();

  static constexpr std::size_t alignment = 16;

 private:
  /// A block, free or held: its bytes with the header, and the next free one.
  struct alignas(alignment) Header {
    std::size_t bytes;
    Header* next;
  };

  Header* at(std::size_t offset) const;
  std::size_t offsetOf(const Header* block) const;
  void insert(Header* block);
  Header* held() const { return const_cast<Header*>(&held_mark_); }

  mutable std::mutex mutex_;
  std::span<std::byte> region_;
  Header first_{};      // its `next` is the first free block
  Header held_mark_{};  // what `next` of a held block points to
  std::size_t free_bytes_ = 0;
  std::size_t held_blocks_ = 0;
};

}  // namespace millpond::lab
