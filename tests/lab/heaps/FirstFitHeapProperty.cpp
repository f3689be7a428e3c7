// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cstddef>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/FirstFitHeap.h"
#include "tests/lab/support/HeapModel.h"

namespace millpond::lab::test {
namespace {

struct FirstFitRules {
  static constexpr std::uint32_t alignment = FirstFitHeap::device_alignment;
  static constexpr std::uint32_t least_rest = 24;  // more than two headers, and a multiple of the alignment

  std::uint32_t wanted(std::uint32_t bytes) const { return (bytes + FirstFitHeap::header_bytes + 7) / 8 * 8; }
  // The lowest free block that is large enough, and no other.
  std::vector<std::uint32_t> choices(const HeapModel& model, std::uint32_t wanted) const {
    for (const auto& [offset, block] : model.blocks()) {
      if (!block.held && block.bytes >= wanted) return {offset};
    }
    return {};
  }
};

RC_GTEST_PROP(FirstFitHeapProperty, IsItsModel, ()) {
  constexpr std::uint32_t bytes = 24 * 1024;
  const DeviceRam ram(bytes);
  FirstFitHeap heap(ram.span());
  // The first header is the region's first eight bytes, the end marker its last eight.
  HeapWorld world(heap, ram.span().data(), bytes - FirstFitHeap::header_bytes, FirstFitRules());
  drive(world, millpond::test::arbitraryWords(400));
}

}  // namespace
}  // namespace millpond::lab::test
