// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Guard.h"

namespace millpond::guard {

std::size_t firstBreach(std::byte* block, std::size_t size, std::size_t granted) {
  const auto seen = [block](std::size_t at) {
    return std::atomic_ref(block[at]).load(std::memory_order_relaxed);
  };
  for (; size % sizeof(canary) != 0; ++size) {
    if (seen(size) != canary_byte) return size;
  }
  if (size == granted) return intact;
  const std::uint32_t word = canary;
  const auto* expected = reinterpret_cast<const std::byte*>(&word);
  for (std::size_t at = 0; at < sizeof(word); ++at) {
    if (seen(size + at) != expected[at]) return size + at;
  }
  return intact;
}

void poison(std::byte* block, std::size_t granted) {
  for (std::size_t at = 0; at < granted; ++at) block[at] = poison_byte;
}

std::size_t firstStain(const std::byte* block, std::size_t granted) {
  for (std::size_t at = 0; at < granted; ++at) {
    if (block[at] != poison_byte) return at;
  }
  return intact;
}

}  // namespace millpond::guard
