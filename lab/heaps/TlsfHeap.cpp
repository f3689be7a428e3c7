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
  for (auto& lists : heads_.lists) lists.fill(none);
  new (base_) Block{none, bytes_, none, none};
  insert(0);
}

// The list that holds free blocks of this size.
TlsfHeap::List TlsfHeap::listOf(std::uint32_t bytes) {
  if (bytes < 1U << small_bits) return {0, bytes / alignment};
  const auto power = static_cast<std::uint32_t>(std::bit_width(bytes)) - 1;
  return {power - small_bits + 1, (bytes >> (power - second_bits)) - second_lists};
}

// The first list whose blocks all have at least this size.
TlsfHeap::List TlsfHeap::listAbove(std::uint32_t bytes) {
  if (bytes >= 1U << small_bits) {
    const auto power = static_cast<std::uint32_t>(std::bit_width(bytes)) - 1;
    bytes += (1U << (power - second_bits)) - 1;
  }
  return listOf(bytes);
}

// Returns: the first block of the first list from `list` up that is not empty, and sets `list` to that list.
std::uint32_t TlsfHeap::find(List& list) const {
  if (list.first >= first_lists) return none;
  const std::uint32_t in_row = heads_.second_maps[list.first] & (~0U << list.second);
  if (in_row != 0) {
    list.second = static_cast<std::uint32_t>(std::countr_zero(in_row));
  } else {
    const std::uint32_t above = heads_.first_map & (~0U << (list.first + 1));
    if (above == 0) return none;
    list.first = static_cast<std::uint32_t>(std::countr_zero(above));
    list.second = static_cast<std::uint32_t>(std::countr_zero(heads_.second_maps[list.first]));
  }
  return heads_.lists[list.first][list.second];
}

void* TlsfHeap::allocate(std::size_t bytes) {
  steps_ = 0;
  if (bytes == 0 || bytes > bytes_) return nullptr;
  const std::uint32_t wanted =
      std::max(least_bytes,
               (static_cast<std::uint32_t>(bytes) + header_bytes + alignment - 1) / alignment * alignment);
  steps_ = 2;  // one bitmap per level
  List list = listAbove(wanted);
  const std::uint32_t offset = find(list);
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
  Block* block = at(offset);
  const List list = listOf(block->bytes());
  std::uint32_t& head = heads_.lists[list.first][list.second];
  block->size_and_flag |= free_flag;
  block->next = head;
  block->previous = none;
  if (head != none) at(head)->previous = offset;
  head = offset;
  heads_.first_map |= 1U << list.first;
  heads_.second_maps[list.first] |= 1U << list.second;
}

void TlsfHeap::remove(std::uint32_t offset) {
  ++steps_;
  const Block* block = at(offset);
  const List list = listOf(block->bytes());
  if (block->next != none) at(block->next)->previous = block->previous;
  if (block->previous != none) {
    at(block->previous)->next = block->next;
    return;
  }
  heads_.lists[list.first][list.second] = block->next;
  if (block->next != none) return;
  heads_.second_maps[list.first] &= ~(1U << list.second);
  if (heads_.second_maps[list.first] == 0) heads_.first_map &= ~(1U << list.first);
}

Holes TlsfHeap::holes() const {
  Holes holes;
  for (std::uint32_t first = 0; first < first_lists; ++first) {
    for (std::uint32_t map = heads_.second_maps[first]; map != 0; map &= map - 1) {
      std::uint32_t free = heads_.lists[first][static_cast<std::uint32_t>(std::countr_zero(map))];
      for (; free != none; free = at(free)->next) holes.add(at(free)->bytes() - header_bytes);
    }
  }
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
  return held_blocks == held_blocks_ && areListsSound(free_blocks);
}

bool TlsfHeap::areListsSound(std::size_t free_blocks) const {
  for (std::uint32_t first = 0; first < first_lists; ++first) {
    if (((heads_.first_map >> first & 1U) != 0) != (heads_.second_maps[first] != 0)) return false;
    for (std::uint32_t second = 0; second < second_lists; ++second) {
      std::uint32_t free = heads_.lists[first][second];
      if (((heads_.second_maps[first] >> second & 1U) != 0) != (free != none)) return false;
      for (std::uint32_t previous = none; free != none; previous = free, free = at(free)->next) {
        const List own = listOf(at(free)->bytes());
        const bool sane = at(free)->isFree() && at(free)->previous == previous && own.first == first &&
                          own.second == second && free_blocks-- != 0;
        if (!sane) return false;
      }
    }
  }
  return free_blocks == 0;
}

}  // namespace millpond::lab
