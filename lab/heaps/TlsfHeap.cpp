// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/heaps/TlsfHeap.h"

#include <algorithm>
#include <memory>
#include <new>

namespace millpond::lab {

TlsfHeap::TlsfHeap(std::span<std::byte> region) {
  void* start = region.data() + heads_bytes;
  std::size_t bytes = region.size() - heads_bytes;
  std::align(alignment, least_bytes, start, bytes);
  base_ = static_cast<std::byte*>(start);
  bytes_ = static_cast<std::uint32_t>(bytes / alignment * alignment);
  lists_.setLinks(base_ + offsetof(Block, next));
  new (base_) Block{none, bytes_, none, none};
  insert(0);
}

void* TlsfHeap::allocate(std::size_t bytes) {
  steps_ = 0;
  if (bytes == 0 || bytes > bytes_) return nullptr;
  const std::uint32_t wanted =
      std::max(least_bytes,
               (static_cast<std::uint32_t>(bytes) + header_bytes + alignment - 1) / alignment * alignment);
  steps_ = 2;  // one bitmap per level
  const std::uint32_t offset = lists_.find(lists_.roundedUp(wanted));
  if (offset == none) return nullptr;
  remove(offset);
  split(offset, wanted);
  ++held_blocks_;
  return reinterpret_cast<std::byte*>(at(offset)) + header_bytes;
}

// Effect: turns a free block that is in no list into a held one of `wanted` bytes, and its remainder into a
// free one.
void TlsfHeap::split(std::uint32_t offset, std::uint32_t wanted) {
  Block* block = at(offset);
  const std::uint32_t rest = block->bytes() - wanted;
  if (rest < least_bytes) {
    block->size_and_flag = block->bytes();
    return;
  }
  block->size_and_flag = wanted;
  new (base_ + offset + wanted) Block{offset, rest, none, none};
  setBefore(offset + wanted + rest, offset + wanted);
  insert(offset + wanted);
}

bool TlsfHeap::release(void* memory) {
  steps_ = 0;
  if (memory == nullptr) return true;
  const std::uintptr_t from_base = reinterpret_cast<std::uintptr_t>(memory) - header_bytes -
                                   reinterpret_cast<std::uintptr_t>(base_);  // wraps around below the region
  if (from_base >= bytes_ || from_base % alignment != 0) return false;
  auto offset = static_cast<std::uint32_t>(from_base);
  std::uint32_t bytes = at(offset)->bytes();
  const bool held = !at(offset)->isFree() && bytes >= least_bytes && bytes <= bytes_ - offset &&
                    bytes % alignment == 0 &&
                    (offset + bytes == bytes_ || at(offset + bytes)->before == offset);
  if (!held) return false;
  --held_blocks_;
  at(offset)->size_and_flag |= free_flag;  // for good: a double free must not see a held block

  const std::uint32_t behind = offset + bytes;
  if (behind != bytes_ && at(behind)->isFree()) {
    remove(behind);
    bytes += at(behind)->bytes();
  }
  const std::uint32_t before = at(offset)->before;
  if (before != none && at(before)->isFree()) {
    remove(before);
    bytes += at(before)->bytes();
    offset = before;
  }
  at(offset)->size_and_flag = bytes;
  setBefore(offset + bytes, offset);
  steps_ += 2;  // both neighbours
  insert(offset);
  return true;
}

void TlsfHeap::setBefore(std::uint32_t offset, std::uint32_t before) {
  if (offset != bytes_) at(offset)->before = before;
}

void TlsfHeap::insert(std::uint32_t offset) {
  ++steps_;
  const std::uint32_t bytes = at(offset)->bytes();
  at(offset)->size_and_flag |= free_flag;
  lists_.insert(offset, bytes);
}

void TlsfHeap::remove(std::uint32_t offset) {
  ++steps_;
  lists_.remove(offset, at(offset)->bytes());
}

Holes TlsfHeap::holes() const {
  Holes holes;
  lists_.forEach([&](std::uint32_t offset) {
    holes.add(at(offset)->bytes() - header_bytes, base_ + offset + header_bytes);
  });
  return holes;
}

bool TlsfHeap::isSound() const {
  std::uint32_t before = none;
  std::size_t held_blocks = 0;
  std::size_t free_blocks = 0;
  for (std::uint32_t offset = 0; offset < bytes_;) {
    const Block* block = at(offset);
    const bool sane = block->bytes() >= least_bytes && block->bytes() <= bytes_ - offset &&
                      block->bytes() % alignment == 0 && block->before == before;
    if (!sane || (block->isFree() && before != none && at(before)->isFree())) return false;
    ++(block->isFree() ? free_blocks : held_blocks);
    before = offset;
    offset += block->bytes();
  }
  return held_blocks == held_blocks_ && lists_.isSound(free_blocks, [this](std::uint32_t offset) {
    return at(offset)->isFree() ? at(offset)->bytes() : 0;
  });
}

}  // namespace millpond::lab
