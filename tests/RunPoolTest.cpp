// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "millpond/RunPool.h"
#include "support/Pattern.h"
#include "support/SizedPool.h"

namespace millpond {
namespace {

constexpr std::size_t granule = 64;

class RunPoolTest : public testing::TestWithParam<std::uint32_t> {
 protected:
  const std::uint32_t count = GetParam();
  const std::uint32_t longest = count < 32 ? count : 32;

  void TearDown() override {
    EXPECT_EQ(pool.inUse(), 0U) << "the pool is not empty";
    for (std::uint32_t index = 0; index < count; ++index) {
      EXPECT_EQ(pool.heldAt(index), 0U);
      EXPECT_EQ(pool.take(1), index) << "a granule was lost";
    }
  }

  std::vector<std::uint32_t> takeAll(std::uint32_t length) {
    std::vector<std::uint32_t> starts;
    for (std::uint32_t start = pool.take(length); start != RunPool::none; start = pool.take(length)) {
      starts.push_back(start);
    }
    return starts;
  }
  void giveBack(const std::vector<std::uint32_t>& starts) {
    for (const std::uint32_t start : starts) EXPECT_TRUE(pool.give(start));
  }

  test::SizedPool<RunPool> pool{granule, count};
};

INSTANTIATE_TEST_SUITE_P(, RunPoolTest, testing::Values(1U, 8U, 32U, 33U, 64U, 70U, 1024U),
                         [](const auto& given) { return std::to_string(given.param); });

TEST_P(RunPoolTest, GivesAsManyRunsOfEachLengthAsFitIntoItsWords) {
  for (std::uint32_t length = 1; length <= longest; ++length) {
    const std::uint32_t rest = count % 32;
    const std::size_t fit = count / 32 * (32 / length) + rest / length;
    const std::vector<std::uint32_t> starts = takeAll(length);
    ASSERT_EQ(starts.size(), fit) << length;
    ASSERT_EQ(pool.inUse(), fit * length);
    giveBack(starts);
  }
}

TEST_P(RunPoolTest, NoTwoRunsShareAGranuleAndNoneCrossesAWord) {
  std::vector<bool> held(count);
  std::vector<std::uint32_t> starts;
  for (std::uint32_t length = longest; length > 0; --length) {
    const std::uint32_t start = pool.take(length);
    if (start == RunPool::none) continue;
    starts.push_back(start);
    ASSERT_LE(start + length, count);
    ASSERT_EQ(start / 32, (start + length - 1) / 32);
    for (std::uint32_t index = start; index < start + length; ++index) {
      ASSERT_FALSE(held[index]);
      held[index] = true;
    }
  }
  giveBack(starts);
}

TEST_P(RunPoolTest, RefusesASecondFreeAndChangesNothing) {
  for (std::uint32_t length = 1; length <= longest; ++length) {
    const std::uint32_t start = pool.take(length);
    ASSERT_TRUE(pool.give(start));
    ASSERT_FALSE(pool.give(start));
    ASSERT_EQ(pool.inUse(), 0U);
  }
}

TEST_P(RunPoolTest, RefusesEveryInteriorGranuleAndByteOfARun) {
  void* run = pool.allocate(longest * granule);
  ASSERT_NE(run, nullptr);
  for (std::size_t offset = 1; offset < longest * granule; ++offset) {
    ASSERT_FALSE(pool.deallocate(static_cast<std::byte*>(run) + offset)) << offset;
  }
  EXPECT_EQ(pool.inUse(), longest);
  EXPECT_TRUE(pool.deallocate(run));
}

TEST_P(RunPoolTest, RefusesPastTheEndForeignAndNullPointers) {
  const auto base = reinterpret_cast<std::uintptr_t>(pool.geometry().address(0));
  const std::vector<std::uint32_t> starts = takeAll(1);
  for (std::uintptr_t beyond = 0; beyond < 3 * granule; ++beyond) {
    const auto past = base + pool.geometry().bytes() + beyond;
    ASSERT_FALSE(pool.deallocate(reinterpret_cast<void*>(past)));
    ASSERT_FALSE(pool.deallocate(reinterpret_cast<void*>(base - 1 - beyond)));
  }
  int foreign = 0;
  EXPECT_FALSE(pool.deallocate(&foreign));
  EXPECT_FALSE(pool.deallocate(nullptr));
  EXPECT_EQ(pool.inUse(), count);
  giveBack(starts);
}

TEST_P(RunPoolTest, RefusesWhatIsLongerThanAWordOrThanItself) {
  EXPECT_EQ(pool.take(33), RunPool::none);
  EXPECT_EQ(pool.take(~std::uint32_t{0}), RunPool::none);
  EXPECT_EQ(pool.take(longest + 1), RunPool::none);
  EXPECT_EQ(pool.allocate(pool.maxRequest() + 1), nullptr);
  EXPECT_EQ(pool.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(pool.allocate(SIZE_MAX - granule), nullptr);
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST_P(RunPoolTest, NeverReturnsAGranuleItDidNotTake) {
  const void* run = pool.allocate(0);
  EXPECT_TRUE(run == nullptr || pool.inUse() == 1) << "memory that a second caller would get too";
  if (pool.inUse() != 0) {
    EXPECT_TRUE(pool.deallocate(run));
  }
}

TEST_P(RunPoolTest, RemembersTheMostGranulesEverHeld) {
  EXPECT_EQ(pool.peak(), 0U);
  const std::uint32_t first = pool.take(1);
  EXPECT_EQ(pool.peak(), 1U);
  EXPECT_TRUE(pool.give(first));
  const std::uint32_t all = pool.take(longest);
  EXPECT_TRUE(pool.give(all));
  giveBack(takeAll(1));
  EXPECT_EQ(pool.peak(), count);
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST_P(RunPoolTest, KeepsNothingInsideAGranule) {
  const std::size_t size = longest * granule;
  void* run = pool.allocate(size);
  test::fill(test::bytesOf(run, size), 7);
  EXPECT_TRUE(pool.deallocate(run));
  EXPECT_FALSE(pool.deallocate(run));
  ASSERT_EQ(pool.allocate(size), run);
  EXPECT_TRUE(test::isIntact(test::bytesOf(run, size), 7));
  EXPECT_TRUE(pool.deallocate(run));
}

TEST_P(RunPoolTest, FindsTheStartOfTheRunAroundAnyGranule) {
  const std::uint32_t start = pool.take(longest);
  for (std::uint32_t index = 0; index < longest; ++index) {
    std::byte* const middle = pool.geometry().address(start + index) + granule / 2;
    EXPECT_EQ(pool.startAround(middle), start);
  }
  EXPECT_TRUE(pool.give(start));
  std::byte* const free_granule = pool.geometry().address(longest - 1);
  EXPECT_EQ(pool.startAround(free_granule), longest - 1) << "a free granule is its own";
}

TEST(StaticRunPool, TakesAsManyGranulesAsTheRequestNeeds) {
  StaticRunPool<512, 8> pool;
  const auto granulesOf = [&pool](std::size_t size) {
    void* run = pool.allocate(size);
    const std::uint32_t granules = pool.inUse();
    EXPECT_TRUE(pool.deallocate(run));
    return granules;
  };
  EXPECT_EQ(granulesOf(1), 1U);
  EXPECT_EQ(granulesOf(512), 1U);
  EXPECT_EQ(granulesOf(513), 2U);
  EXPECT_EQ(granulesOf(700), 2U);
  EXPECT_EQ(granulesOf(4095), 8U);
  EXPECT_EQ(granulesOf(4096), 8U);
  EXPECT_EQ(pool.allocate(4097), nullptr);
}

TEST(StaticRunPool, FitsALongRunIntoTheHoleThatAdjacentFreesLeave) {
  StaticRunPool<512, 8> pool;
  for (std::uint32_t index = 0; index < 8; ++index) ASSERT_EQ(pool.take(1), index);
  ASSERT_TRUE(pool.give(3));
  ASSERT_TRUE(pool.give(5));
  EXPECT_EQ(pool.take(2), RunPool::none) << "two holes of one are not one of two";
  ASSERT_TRUE(pool.give(4));
  EXPECT_EQ(pool.take(3), 3U);
  for (const std::uint32_t start : {0U, 1U, 2U, 3U, 6U, 7U}) EXPECT_TRUE(pool.give(start));
  EXPECT_EQ(pool.inUse(), 0U);
}

TEST(StaticRunPool, ServesWhateverItsDocumentedBoundPromises) {
  // Fewer than floor(n / r) granules held: a run of r is free, however they are scattered.
  for (std::uint32_t held = 0; held < 256; ++held) {
    for (std::uint32_t length = 1; length <= 8; ++length) {
      StaticRunPool<64, 8> pool;
      for (std::uint32_t index = 0; index < 8; ++index) ASSERT_EQ(pool.take(1), index);
      for (std::uint32_t index = 0; index < 8; ++index) {
        if ((held >> index & 1U) == 0) {
          ASSERT_TRUE(pool.give(index));
        }
      }
      if (bits::count(held) < 8 / length) {
        EXPECT_NE(pool.take(length), RunPool::none) << held;
      }
    }
  }
}

TEST(StaticRunPool, AddsUpTheBoundsOfItsWordsTheLastOfWhichMayBeShort) {
  // 32 granules and 8: runs of 16 fit twice, so two held granules can keep one out.
  StaticRunPool<64, 40> pool;
  for (std::uint32_t index = 0; index < 40; ++index) ASSERT_EQ(pool.take(1), index);
  for (std::uint32_t index = 0; index < 40; ++index) {
    if (index != 8 && index != 24) {
      ASSERT_TRUE(pool.give(index));
    }
  }
  EXPECT_EQ(pool.take(16), RunPool::none);
  ASSERT_TRUE(pool.give(24));
  EXPECT_NE(pool.take(16), RunPool::none) << "fewer than two are held";
}

}  // namespace
}  // namespace millpond
