// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <memory>
#include <vector>

#include "millpond/RunPool.h"
#include "stress/Threads.h"
#include "support/RequestGenerator.h"
#include "support/Scale.h"
#include "support/SizedPool.h"

namespace millpond {
namespace run_pool_stress {

constexpr std::size_t granule = 32;
constexpr unsigned threads = 4;

class RunPoolStress : public testing::TestWithParam<std::uint32_t> {
 protected:
  const std::uint32_t count = GetParam();

  void TearDown() override {
    EXPECT_EQ(pool->inUse(), 0U);
    EXPECT_LE(pool->peak(), count);
    for (std::uint32_t index = 0; index < count; ++index) ASSERT_EQ(pool->take(1), index) << "lost";
  }

  const std::unique_ptr<test::SizedPool<RunPool>> pool =
      std::make_unique<test::SizedPool<RunPool>>(granule, count);
};

INSTANTIATE_TEST_SUITE_P(, RunPoolStress, testing::Values(8U, 32U, 70U),
                         [](const auto& given) { return std::to_string(given.param) + "Granules"; });

TEST_P(RunPoolStress, EachGranuleHasOneOwnerAndItsBytesAreLeftAlone) {
  test::onThreads(threads, [&](unsigned id) {
    test::RequestGenerator random(MemoryConfig{}, id);
    std::vector<test::Parcel> held;
    std::uint32_t tag = 0;
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      const std::uint64_t word = random.nextWord();
      if ((word & 15U) < 8 || held.empty()) {
        const std::size_t size = (word >> 8U) % (6 * granule) + 1;
        void* run = pool->allocate(size);
        if (run == nullptr) continue;
        held.push_back({run, size, id * 60 + tag++ % 60});
        held.back().seal();
      } else {
        std::swap(held[(word >> 8U) % held.size()], held.back());
        const test::Parcel parcel = held.back();
        held.pop_back();
        parcel.expectSealed();
        if (parcel.size > granule) {
          ASSERT_FALSE(pool->deallocate(static_cast<std::byte*>(parcel.block) + granule)) << "interior";
        }
        ASSERT_TRUE(pool->deallocate(parcel.block));
      }
    }
    for (const test::Parcel& parcel : held) {
      parcel.expectSealed();
      ASSERT_TRUE(pool->deallocate(parcel.block));
    }
  });
}

TEST_P(RunPoolStress, OfManyFreesOfARunAtOnceExactlyOneCounts) {
  constexpr std::uint32_t length = 2;
  std::vector<std::atomic<int>> freed(count);
  std::array<std::vector<std::uint32_t>, threads> starts;
  std::barrier phase(threads);
  test::onThreads(threads, [&](unsigned id) {
    for (std::size_t round = 0; round < test::scaled(1000); ++round) {
      starts[id].clear();
      while (starts[id].size() < count / length / threads) {
        const std::uint32_t start = pool->take(length);
        if (start == RunPool::none) {
          ADD_FAILURE() << "refused although there is room";
          break;
        }
        starts[id].push_back(start);
        freed[start] = 0;
      }
      phase.arrive_and_wait();
      for (std::uint32_t start = 0; start < count; ++start) {
        if (pool->give(start)) ++freed[start];
      }
      phase.arrive_and_wait();
      for (const std::uint32_t start : starts[id]) EXPECT_EQ(freed[start], 1);
      phase.arrive_and_wait();
    }
  });
}

}  // namespace run_pool_stress
}  // namespace millpond
