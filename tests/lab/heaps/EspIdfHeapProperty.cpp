// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <bit>
#include <cstddef>
#include <tuple>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/EspIdfHeap.h"
#include "tests/lab/support/HeapModel.h"

namespace millpond::lab::test {
namespace {

// A heap of 24 KiB has 16 lists a power of two; sizes below 64 have a list each. Sizes are without the
// header.
struct EspIdfRules {
  static constexpr std::uint32_t alignment = 4;
  static constexpr std::uint32_t least_rest = 16;

  static std::uint32_t partOf(std::uint32_t bytes) { return bytes < 64 ? 4 : std::bit_floor(bytes) / 16; }

  std::uint32_t wanted(std::uint32_t bytes) const {
    const std::uint32_t part = partOf(std::max(bytes, 12U));
    return (std::max(bytes, 12U) + part - 1) / part * part + EspIdfHeap::header_bytes;
  }
  // The blocks of the first list that has any whose blocks all fit.
  std::vector<std::uint32_t> choices(const HeapModel& model, std::uint32_t wanted) const {
    std::vector<std::uint32_t> fits;
    std::uint32_t best = UINT32_MAX;
    for (const auto& [offset, block] : model.blocks()) {
      const std::uint32_t bytes = block.bytes - EspIdfHeap::header_bytes;
      const std::uint32_t begins = bytes / partOf(bytes) * partOf(bytes);  // names the list
      if (block.held || begins < wanted - EspIdfHeap::header_bytes || begins > best) continue;
      if (begins < best) fits.clear();
      best = begins;
      fits.push_back(offset);
    }
    return fits;
  }
};

RC_GTEST_PROP(EspIdfHeapProperty, IsItsModel, ()) {
  const DeviceRam ram(24 * 1024);
  EspIdfHeap heap(ram.span());
  // Where the blocks begin, behind the tables, a first block tells.
  auto* first = static_cast<std::byte*>(heap.allocate(8));
  const std::byte* base = first - EspIdfHeap::header_bytes;
  heap.release(first);
  const auto bytes = static_cast<std::uint32_t>(ram.span().data() + ram.span().size() - base);
  HeapWorld world(heap, base, bytes - EspIdfHeap::header_bytes, EspIdfRules());
  drive(world, millpond::test::arbitraryWords(400));
}

}  // namespace
}  // namespace millpond::lab::test
