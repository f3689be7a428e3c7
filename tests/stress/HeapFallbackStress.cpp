// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "millpond/account/HeapFallback.h"
#include "stress/Threads.h"
#include "support/RequestGenerator.h"
#include "support/Scale.h"
#include "support/TestHeap.h"

namespace millpond {
namespace heap_fallback_stress {

TEST(HeapFallbackStress, StaysUnderItsLimitAndLosesNothing) {
  constexpr unsigned threads = 4;
  constexpr std::uint32_t limit = 2000;
  test::TestHeap heap;
  std::array<HeapFallback::Record, 6> table;
  constexpr static HeapFallback::Setup setup{6, limit, 64};
  HeapFallback fallback(heap.heap(), setup, table.data());
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint32_t> outstanding{0};

  test::onThreads(threads, [&](unsigned id) {
    test::RequestGenerator random(MemoryConfig{}, id);
    std::vector<test::Parcel> held;
    const auto release = [&] {
      const test::Parcel parcel = held.back();
      held.pop_back();
      parcel.expectSealed();
      ASSERT_FALSE(fallback.deallocate(static_cast<std::byte*>(parcel.block) + 1));
      outstanding -= static_cast<std::uint32_t>(parcel.size);
      ASSERT_TRUE(fallback.deallocate(parcel.block));
    };
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      const std::uint64_t word = random.nextWord();
      if ((word & 1U) == 0 || held.empty()) {
        const std::size_t size = (word >> 8U) % 700 + 1;
        void* block = fallback.allocate(size, "stress");
        if (block == nullptr) {
          ++refused;
          continue;
        }
        ASSERT_LE(outstanding += static_cast<std::uint32_t>(size), limit);
        held.push_back({block, size, static_cast<std::uint32_t>(id * 60 + step % 60)});
        held.back().seal();
      } else {
        release();
      }
    }
    while (!held.empty()) release();
  });
  EXPECT_EQ(fallback.refused(), refused);
  EXPECT_EQ(fallback.inUse(), 0U);
  EXPECT_EQ(fallback.blocks(), 0U);
  EXPECT_LE(fallback.peak(), limit);
}

}  // namespace heap_fallback_stress
}  // namespace millpond
