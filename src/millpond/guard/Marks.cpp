// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/guard/Marks.h"

namespace millpond::guard {

// Concurrent writes are harmless here: see the declaration.
__attribute__((no_sanitize("thread"))) std::size_t firstBreach(std::byte* block, std::size_t size,
                                                               std::size_t granted) {
  const std::size_t next_word = (size + 3) & ~std::size_t{3};
  const std::size_t end = next_word == granted ? granted : next_word + sizeof(canary);
  for (std::size_t at = size; at < end; ++at) {
    const std::byte expected = byteOf(canary, at % sizeof(canary));
    // Each read comes before what the caller reads next. Not by std::atomic_ref, whose load would be a
    // separate function that the sanitizer instruments.
    const auto* byte = reinterpret_cast<const unsigned char*>(block + at);
    if (std::byte{__atomic_load_n(byte, __ATOMIC_ACQUIRE)} != expected) return at;
  }
  return intact;
}

std::size_t firstFencedBreach(std::byte* block, std::size_t size, std::size_t granted) {
  std::size_t breach = firstBreach(block, size, granted);
  if (breach == intact) breach = firstBreach(block, granted, granted + sizeof(canary));
  if (breach != intact) return breach;
  breach = firstBreach(block - front, 0, front);
  return breach != intact ? breach - front : intact;
}

std::size_t firstStain(const std::byte* block, std::size_t granted) {
  for (std::size_t at = 0; at < granted; ++at) {
    if (block[at] != poison_byte) return at;
  }
  return intact;
}

}  // namespace millpond::guard
