// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/heaps/EspIdfHeap.h"

#include <algorithm>
#include <bit>
#include <new>

namespace millpond::lab {

namespace {

constexpr std::uint32_t upTo(std::uint32_t bytes, std::uint32_t alignment) {
  return (bytes + alignment - 1) & ~(alignment - 1);
}

// Returns: the bytes to skip so that `address` is a multiple of `alignment`.
std::uint32_t gapTo(std::uintptr_t address, std::uint32_t alignment) {
  return static_cast<std::uint32_t>(-address & (alignment - 1));
}

}  // namespace

// As many rows as the heap's size has powers of two above the sizes with a list each.
SizeLists::Shape EspIdfHeap::shapeOf(std::uint32_t bytes) {
  constexpr std::uint32_t alignment_bits = 2;
  const std::uint32_t second_bits = bytes <= 16 * 1024 ? 3 : bytes <= 256 * 1024 ? 4 : 5;
  const auto power = static_cast<std::uint32_t>(std::bit_width(bytes));
  return {power - second_bits - alignment_bits + 1, second_bits, alignment_bits};
}

EspIdfHeap::EspIdfHeap(std::span<std::byte> region)
    : base_(region.data() + gapTo(reinterpret_cast<std::uintptr_t>(region.data()), least_alignment)),
      bytes_(static_cast<std::uint32_t>(region.data() + region.size() - base_) - registration_bytes),
      lists_(shapeOf(bytes_)) {
  lists_.setLinks(base_ + header_bytes);
  const SizeLists::Shape shape = shapeOf(bytes_);
  const std::uint32_t table_bytes =
      fixed_table_bytes + shape.rows * (1 + (1U << shape.second_bits)) * word_bytes;
  first_ = registration_bytes + table_bytes;
  const std::uint32_t block_bytes = (bytes_ - table_bytes - 2 * header_bytes) & ~(least_alignment - 1);
  end_ = first_ + header_bytes + block_bytes;
  new (base_ + first_) std::uint32_t{0};
  new (base_ + end_) std::uint32_t{0};
  makeFree(first_, block_bytes);
}

// Returns: the size of block that a request needs; 0 if no block can have it.
std::uint32_t EspIdfHeap::atLeast(std::uint32_t bytes, std::uint32_t alignment) const {
  const std::uint32_t limit = 1U << static_cast<unsigned>(std::bit_width(bytes_));
  const std::uint32_t aligned = upTo(bytes, alignment);
  return aligned < limit ? std::max(aligned, least_bytes) : 0;
}

void* EspIdfHeap::allocate(std::size_t bytes, std::uint32_t alignment) {
  steps_ = 0;
  if (bytes == 0 || bytes > bytes_) return nullptr;
  std::uint32_t wanted = atLeast(static_cast<std::uint32_t>(bytes), least_alignment);
  std::uint32_t searched = wanted;
  if (alignment > least_alignment) {
    // In the worst case a free block, the least that can be, comes before the aligned one.
    searched = atLeast(wanted + alignment + least_bytes + header_bytes, alignment);
  }
  if (searched == 0) return nullptr;
  searched = lists_.roundedUp(searched);
  if (alignment <= least_alignment) wanted = searched;
  steps_ = 2;  // one bitmap per level
  std::uint32_t header = lists_.find(searched);
  if (header == SizeLists::none) return nullptr;
  remove(header);
  if (alignment > least_alignment) header = skipToAligned(header, alignment);
  takeFrom(header, wanted);
  ++held_blocks_;
  return base_ + header + header_bytes;
}

// Effect: makes what lies before the first aligned byte of a block, which is in no list, a free block of its
// own. Returns: the aligned block.
std::uint32_t EspIdfHeap::skipToAligned(std::uint32_t header, std::uint32_t alignment) {
  constexpr std::uint32_t least_gap = least_bytes + header_bytes;
  const std::uintptr_t memory = reinterpret_cast<std::uintptr_t>(base_) + header + header_bytes;
  std::uint32_t gap = gapTo(memory, alignment);
  if (gap == 0) return header;
  if (gap < least_gap) {
    gap += std::max(least_gap - gap, alignment);
    gap += gapTo(memory + gap, alignment);
  }
  const std::uint32_t bytes = sizeOf(header);
  new (base_ + header + gap) std::uint32_t{(bytes - gap) | free_flag};
  makeFree(header, gap - header_bytes);
  return header + gap;
}

// Effect: turns a block that is in no list into a held one of `wanted` bytes; the rest becomes a free block
// if it can be one.
void EspIdfHeap::takeFrom(std::uint32_t header, std::uint32_t wanted) {
  const std::uint32_t bytes = sizeOf(header);
  const std::uint32_t flags = word(header) & free_before_flag;
  if (bytes < wanted + header_bytes + least_bytes) {
    word(header) = bytes | flags;
    word(behind(header)) &= ~free_before_flag;
    return;
  }
  word(header) = wanted | flags;
  const std::uint32_t rest = behind(header);
  new (base_ + rest) std::uint32_t{0};
  makeFree(rest, bytes - wanted - header_bytes);
}

bool EspIdfHeap::release(void* memory) {
  steps_ = 0;
  if (memory == nullptr) return true;
  const std::uintptr_t from_first = reinterpret_cast<std::uintptr_t>(memory) - header_bytes -
                                    reinterpret_cast<std::uintptr_t>(base_) -
                                    first_;  // wraps around below the region
  if (from_first >= end_ - first_ || from_first % least_alignment != 0) return false;
  auto header = static_cast<std::uint32_t>(from_first) + first_;
  if (!isHeld(header)) return false;
  --held_blocks_;
  std::uint32_t bytes = sizeOf(header);
  word(header) |= free_flag;  // for good: a double free must not see a held block

  steps_ = 2;  // both neighbours
  const std::uint32_t next = behind(header);
  if (isFreeBefore(header)) {
    header = before(header);
    remove(header);
    bytes += header_bytes + sizeOf(header);
  }
  if (isFree(next)) {
    remove(next);
    bytes += header_bytes + sizeOf(next);
  }
  makeFree(header, bytes);
  return true;
}

bool EspIdfHeap::isHeld(std::uint32_t header) const {
  if (isFree(header)) return false;
  const std::uint32_t bytes = sizeOf(header);
  if (bytes < least_bytes || bytes > end_ - header - header_bytes) return false;
  const std::uint32_t next = header + header_bytes + bytes;
  return !isFreeBefore(next) && (next == end_ || sizeOf(next) <= end_ - next - header_bytes);
}

// Effect: makes the block at `header` free, with that many bytes, and puts it into its list. The flag of the
// block before it stays.
void EspIdfHeap::makeFree(std::uint32_t header, std::uint32_t bytes) {
  ++steps_;
  word(header) = bytes | free_flag | (word(header) & free_before_flag);
  const std::uint32_t next = header + header_bytes + bytes;
  new (base_ + next - header_bytes) std::uint32_t{header};
  word(next) |= free_before_flag;
  lists_.insert(header, bytes);
}

void EspIdfHeap::remove(std::uint32_t header) {
  ++steps_;
  lists_.remove(header, sizeOf(header));
}

Holes EspIdfHeap::holes() const {
  Holes holes;
  lists_.forEach([&](std::uint32_t header) { holes.add(sizeOf(header), base_ + header + header_bytes); });
  return holes;
}

bool EspIdfHeap::isSound() const {
  std::size_t held_blocks = 0;
  std::size_t free_blocks = 0;
  bool free_before = false;
  for (std::uint32_t header = first_; header != end_; header = behind(header)) {
    const std::uint32_t bytes = sizeOf(header);
    const bool sane = bytes >= least_bytes && bytes <= end_ - header - header_bytes &&
                      isFreeBefore(header) == free_before && !(free_before && isFree(header));
    if (!sane) return false;
    free_before = isFree(header);
    if (free_before && before(behind(header)) != header) return false;
    ++(free_before ? free_blocks : held_blocks);
  }
  if (sizeOf(end_) != 0 || isFree(end_) || isFreeBefore(end_) != free_before) return false;
  return held_blocks == held_blocks_ && lists_.isSound(free_blocks, [this](std::uint32_t header) {
    return header < end_ && isFree(header) ? sizeOf(header) : 0;
  });
}

}  // namespace millpond::lab
