// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>

#include "lab/device/RequestAccount.h"

namespace millpond::lab {

/// Up to 64 blocks, oldest first.
class BlockQueue {
 public:
  static constexpr std::uint32_t capacity = 64;

  std::uint32_t size() const { return tail_ - head_; }
  bool empty() const { return head_ == tail_; }
  Block& front() { return blocks_[head_ % capacity]; }

  /// Requires: fewer than `capacity` blocks.
  void push(const Block& block) { blocks_[tail_++ % capacity] = block; }

  /// Effect: releases the oldest block. Requires: not empty.
  void giveFront(RequestAccount& memory) {
    memory.give(front());
    ++head_;
  }
  void giveAll(RequestAccount& memory) {
    while (!empty()) giveFront(memory);
  }

 private:
  std::array<Block, capacity> blocks_;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
};

}  // namespace millpond::lab
