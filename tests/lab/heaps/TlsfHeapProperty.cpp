// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <bit>
#include <cstddef>
#include <tuple>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/TlsfHeap.h"
#include "tests/lab/support/HeapModel.h"

namespace millpond::lab::test {
namespace {

// The list of the paper that a block of so many bytes belongs to, as its power of two and the part of that.
// Below 256 bytes each size, a multiple of eight, is a list.
std::pair<std::uint32_t, std::uint32_t> listOf(std::uint32_t bytes) {
  if (bytes < 256) return {0, bytes / 8};
  const std::uint32_t power = std::bit_floor(bytes);
  return {power, (bytes - power) / (power / 32)};
}

// A request is rounded up to the next list's least size, so that whatever hangs there fits.
std::uint32_t roundedUp(std::uint32_t bytes) {
  if (bytes < 256) return bytes;
  const std::uint32_t part = std::bit_floor(bytes) / 32;
  return (bytes + part - 1) / part * part;
}

struct TlsfRules {
  static constexpr std::uint32_t alignment = TlsfHeap::alignment;
  static constexpr std::uint32_t least_rest = 16;

  std::uint32_t wanted(std::uint32_t bytes) const {
    return std::max(16U, (bytes + TlsfHeap::header_bytes + 7) / 8 * 8);
  }
  std::vector<std::uint32_t> choices(const HeapModel& model, std::uint32_t wanted) const;
};

// The blocks of the first list that has any whose blocks all fit.
std::vector<std::uint32_t> TlsfRules::choices(const HeapModel& model, std::uint32_t wanted) const {
  std::vector<std::uint32_t> fits;
  std::pair<std::uint32_t, std::uint32_t> best{UINT32_MAX, 0};
  for (const auto& [offset, block] : model.blocks()) {
    const auto list = listOf(block.bytes);
    if (block.held || list < listOf(roundedUp(wanted)) || list > best) continue;
    if (list < best) fits.clear();
    best = list;
    fits.push_back(offset);
  }
  return fits;
}

RC_GTEST_PROP(TlsfHeapProperty, IsItsModel, ()) {
  const DeviceRam ram(24 * 1024);
  TlsfHeap heap(ram.span());
  // Where the blocks begin, behind the lists' heads, a first block tells.
  auto* first = static_cast<std::byte*>(heap.allocate(8));
  const std::byte* base = first - TlsfHeap::header_bytes;
  heap.release(first);
  const auto bytes = static_cast<std::uint32_t>(ram.span().data() + ram.span().size() - base);
  HeapWorld world(heap, base, bytes, TlsfRules());
  drive(world, millpond::test::arbitraryWords(400));
}

}  // namespace
}  // namespace millpond::lab::test
