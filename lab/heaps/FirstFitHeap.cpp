// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/heaps/FirstFitHeap.h"

#include <new>

namespace millpond::lab {

FirstFitHeap::FirstFitHeap(std::span<std::byte> region, std::uint32_t alignment) : alignment_(alignment) {
  // The memory after each header is aligned, so the headers themselves are not.
  const auto start = reinterpret_cast<std::uintptr_t>(region.data());
  const std::uintptr_t first_memory = (start + header_bytes + alignment - 1) / alignment * alignment;
  const std::size_t skipped = first_memory - header_bytes - start;
  base_ = region.data() + skipped;
  // The end marker has a header's size.
  bytes_ = static_cast<std::uint32_t>((region.size() - skipped - header_bytes) / alignment * alignment);
  free_bytes_ = bytes_;
  new (base_) Header{bytes_, none};
}

void* FirstFitHeap::allocate(std::size_t bytes) {
  steps_ = 0;
  if (bytes == 0 || bytes > bytes_) return nullptr;
  const std::uint32_t wanted =
      (static_cast<std::uint32_t>(bytes) + header_bytes + alignment_ - 1) / alignment_ * alignment_;
  std::uint32_t* link = &first_;
  std::uint32_t steps = 1;
  while (*link != none && at(*link)->bytes < wanted) {
    link = &at(*link)->next;
    ++steps;
  }
  steps_ = steps;
  if (*link == none) return nullptr;

  Header* block = at(*link);
  const std::uint32_t rest = block->bytes - wanted;
  if (rest > 2 * header_bytes) {
    new (reinterpret_cast<std::byte*>(block) + wanted) Header{rest, block->next};
    block->bytes = wanted;
    *link += wanted;
  } else {
    *link = block->next;
  }
  block->next = held;
  free_bytes_ -= block->bytes;
  ++held_blocks_;
  return block + 1;
}

bool FirstFitHeap::release(void* memory) {
  steps_ = 0;
  if (memory == nullptr) return true;
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(memory) - header_bytes -
                                reinterpret_cast<std::uintptr_t>(base_);  // wraps around below the region
  if (offset >= bytes_ || offset % alignment_ != 0) return false;
  const auto own = static_cast<std::uint32_t>(offset);
  Header* block = at(own);
  if (block->next != held) return false;
  free_bytes_ += block->bytes;
  --held_blocks_;

  std::uint32_t* link = &first_;
  Header* before = nullptr;
  std::uint32_t steps = 1;
  while (*link < own) {  // `none` is above every offset
    before = at(*link);
    link = &before->next;
    ++steps;
  }
  steps_ = steps;
  block->next = *link;
  *link = own;
  if (block->next == own + block->bytes) {
    block->bytes += at(block->next)->bytes;
    block->next = at(block->next)->next;
  }
  if (before != nullptr && reinterpret_cast<std::byte*>(before) + before->bytes == base_ + own) {
    before->bytes += block->bytes;
    before->next = block->next;
  }
  return true;
}

std::size_t FirstFitHeap::largestFreeBlock() const { return holes().largest; }

Holes FirstFitHeap::holes() const {
  Holes holes;
  for (std::uint32_t free = first_; free != none; free = at(free)->next) {
    holes.add(at(free)->bytes - header_bytes, base_ + free + header_bytes);
  }
  return holes;
}

bool FirstFitHeap::isSound() const {
  std::uint32_t free = first_;
  std::size_t free_bytes = 0;
  std::size_t held_blocks = 0;
  bool after_free = false;
  for (std::uint32_t offset = 0; offset < bytes_;) {
    const Header* block = at(offset);
    if (block->bytes < header_bytes || block->bytes > bytes_ - offset) return false;
    const bool is_held = block->next == held;
    if (!is_held && (offset != free || after_free)) return false;
    if (is_held) ++held_blocks;
    if (!is_held) {
      free_bytes += block->bytes;
      free = block->next;
    }
    after_free = !is_held;
    offset += block->bytes;
  }
  return free == none && free_bytes == free_bytes_ && held_blocks == held_blocks_;
}

}  // namespace millpond::lab
