// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "FirstFitHeap.h"

#include <memory>
#include <new>

namespace millpond::lab {

namespace {

std::span<std::byte> aligned(std::span<std::byte> region) {
  void* start = region.data();
  std::size_t bytes = region.size();
  std::align(FirstFitHeap::alignment, 1, start, bytes);
  return {static_cast<std::byte*>(start), bytes - bytes % FirstFitHeap::alignment};
}

}  // namespace

FirstFitHeap::FirstFitHeap(std::span<std::byte> region)
    : region_(aligned(region)), free_bytes_(region_.size()) {
  first_.next = new (region_.data()) Header{region_.size(), nullptr};
}

void* FirstFitHeap::allocate(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes == 0 || bytes > region_.size()) return nullptr;
  const std::size_t wanted = (bytes + sizeof(Header) + alignment - 1) / alignment * alignment;
  Header* before = &first_;
  while (before->next != nullptr && before->next->bytes < wanted) before = before->next;
  Header* block = before->next;
  if (block == nullptr) return nullptr;

  const std::size_t rest = block->bytes - wanted;
  if (rest >= 2 * sizeof(Header)) {
    block->bytes = wanted;
    before->next = new (reinterpret_cast<std::byte*>(block) + wanted) Header{rest, block->next};
  } else {
    before->next = block->next;
  }
  block->next = held();
  free_bytes_ -= block->bytes;
  ++held_blocks_;
  return block + 1;
}

bool FirstFitHeap::release(void* memory) {
  if (memory == nullptr) return true;
  const std::lock_guard lock(mutex_);
  auto* block = static_cast<Header*>(memory) - 1;
  const bool inside = reinterpret_cast<std::byte*>(block) >= region_.data() &&
                      reinterpret_cast<std::byte*>(block + 1) <= region_.data() + region_.size() &&
                      offsetOf(block) % alignment == 0;
  if (!inside || block->next != held()) return false;
  free_bytes_ += block->bytes;
  --held_blocks_;
  insert(block);
  return true;
}

void FirstFitHeap::insert(Header* block) {
  const auto end = [](Header* header) {
    return reinterpret_cast<Header*>(reinterpret_cast<std::byte*>(header) + header->bytes);
  };
  Header* before = &first_;
  while (before->next != nullptr && before->next < block) before = before->next;
  block->next = before->next;
  before->next = block;
  if (block->next != nullptr && end(block) == block->next) {
    block->bytes += block->next->bytes;
    block->next = block->next->next;
  }
  if (before != &first_ && end(before) == block) {
    before->bytes += block->bytes;
    before->next = block->next;
  }
}

std::size_t FirstFitHeap::freeBytes() const {
  const std::lock_guard lock(mutex_);
  return free_bytes_;
}

std::size_t FirstFitHeap::largestFreeBlock() const {
  const std::lock_guard lock(mutex_);
  std::size_t largest = sizeof(Header);
  for (const Header* block = first_.next; block != nullptr; block = block->next) {
    largest = largest < block->bytes ? block->bytes : largest;
  }
  return largest - sizeof(Header);
}

std::size_t FirstFitHeap::heldBlocks() const {
  const std::lock_guard lock(mutex_);
  return held_blocks_;
}

bool FirstFitHeap::isSound() const {
  const std::lock_guard lock(mutex_);
  const Header* free = first_.next;
  std::size_t free_bytes = 0;
  std::size_t held_blocks = 0;
  bool after_free = false;
  for (std::size_t offset = 0; offset < region_.size();) {
    const Header* block = at(offset);
    if (block->bytes < sizeof(Header) || block->bytes > region_.size() - offset) return false;
    const bool is_held = block->next == held();
    if (!is_held && (block != free || after_free)) return false;
    if (is_held) ++held_blocks;
    if (!is_held) {
      free_bytes += block->bytes;
      free = block->next;
    }
    after_free = !is_held;
    offset += block->bytes;
  }
  return free == nullptr && free_bytes == free_bytes_ && held_blocks == held_blocks_;
}

Heap FirstFitHeap::asHeap() {
  return {
      .allocate = [](void* context,
                     std::size_t bytes) { return static_cast<FirstFitHeap*>(context)->allocate(bytes); },
      .release = [](void* context, void* memory) { static_cast<FirstFitHeap*>(context)->release(memory); },
      .context = this,
      .freeBytes = [](void* context) { return static_cast<FirstFitHeap*>(context)->freeBytes(); },
      .largestFreeBlock =
          [](void* context) { return static_cast<FirstFitHeap*>(context)->largestFreeBlock(); },
  };
}

FirstFitHeap::Header* FirstFitHeap::at(std::size_t offset) const {
  return reinterpret_cast<Header*>(region_.data() + offset);
}

std::size_t FirstFitHeap::offsetOf(const Header* block) const {
  return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(block) - region_.data());
}

}  // namespace millpond::lab
