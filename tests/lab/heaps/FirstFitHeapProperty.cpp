// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cstddef>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/FirstFitHeap.h"
#include "tests/lab/support/HeapModel.h"

namespace millpond::lab::test {
namespace {

// The lowest free block that is large enough, and no other.
std::vector<std::uint32_t> lowest(const HeapModel& model, std::uint32_t wanted) {
  for (const auto& [offset, block] : model.blocks()) {
    if (!block.held && block.bytes >= wanted) return {offset};
  }
  return {};
}

RC_GTEST_PROP(FirstFitHeapProperty, IsItsModel, ()) {
  constexpr std::uint32_t bytes = 24 * 1024;
  const DeviceRam ram(bytes);
  FirstFitHeap heap(ram.span(), FirstFitHeap::device_alignment);
  // No room is lost: with an alignment of eight the first header is the region's first eight bytes.
  HeapWorld world(heap, ram.span().data(), bytes, 2 * FirstFitHeap::header_bytes, lowest);
  drive(world, millpond::test::arbitraryWords(400));
}

}  // namespace
}  // namespace millpond::lab::test
