// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "millpond/RunPool.h"
#include "support/Pattern.h"

namespace millpond {
namespace {

constexpr std::size_t granule = 64;

template <class Count>
class RunPoolTest : public testing::Test {
 protected:
  static constexpr std::uint32_t count = Count::value;
  static constexpr std::uint32_t longest = count < 32 ? count : 32;

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

  StaticRunPool<granule, Count::value> pool;
};

template <std::uint32_t n>
using Granules = std::integral_constant<std::uint32_t, n>;
using Counts = testing::Types<Granules<1>, Granules<8>, Granules<32>, Granules<33>, Granules<64>,
                              Granules<70>, Granules<1024>>;
struct CountNames {
  template <class Count>
  static std::string GetName(int /*index*/) {
    return std::to_string(Count::value);
  }
};
TYPED_TEST_SUITE(RunPoolTest, Counts, CountNames);

TYPED_TEST(RunPoolTest, GivesAsManyRunsOfEachLengthAsFitIntoItsWords) {
  for (std::uint32_t length = 1; length <= this->longest; ++length) {
    const std::uint32_t rest = this->count % 32;
    const std::size_t fit = this->count / 32 * (32 / length) + rest / length;
    const std::vector<std::uint32_t> starts = this->takeAll(length);
    ASSERT_EQ(starts.size(), fit) << length;
    ASSERT_EQ(this->pool.inUse(), fit * length);
    this->giveBack(starts);
  }
}

TYPED_TEST(RunPoolTest, NoTwoRunsShareAGranuleAndNoneCrossesAWord) {
  std::vector<bool> held(this->count);
  std::vector<std::uint32_t> starts;
  for (std::uint32_t length = this->longest; length > 0; --length) {
    const std::uint32_t start = this->pool.take(length);
    if (start == RunPool::none) continue;
    starts.push_back(start);
    ASSERT_LE(start + length, this->count);
    ASSERT_EQ(start / 32, (start + length - 1) / 32);
    for (std::uint32_t index = start; index < start + length; ++index) {
      ASSERT_FALSE(held[index]);
      held[index] = true;
    }
  }
  this->giveBack(starts);
}

TYPED_TEST(RunPoolTest, RefusesASecondFreeAndChangesNothing) {
  for (std::uint32_t length = 1; length <= this->longest; ++length) {
    const std::uint32_t start = this->pool.take(length);
    ASSERT_TRUE(this->pool.give(start));
    ASSERT_FALSE(this->pool.give(start));
    ASSERT_EQ(this->pool.inUse(), 0U);
  }
}

TYPED_TEST(RunPoolTest, RefusesEveryInteriorGranuleAndByteOfARun) {
  void* run = this->pool.allocate(this->longest * granule);
  ASSERT_NE(run, nullptr);
  for (std::size_t offset = 1; offset < this->longest * granule; ++offset) {
    ASSERT_FALSE(this->pool.deallocate(static_cast<std::byte*>(run) + offset)) << offset;
  }
  EXPECT_EQ(this->pool.inUse(), this->longest);
  EXPECT_TRUE(this->pool.deallocate(run));
}

TYPED_TEST(RunPoolTest, RefusesPastTheEndForeignAndNullPointers) {
  const auto base = reinterpret_cast<std::uintptr_t>(this->pool.geometry().address(0));
  const std::vector<std::uint32_t> starts = this->takeAll(1);
  for (std::uintptr_t beyond = 0; beyond < 3 * granule; ++beyond) {
    const auto past = base + this->pool.geometry().bytes() + beyond;
    ASSERT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(past)));
    ASSERT_FALSE(this->pool.deallocate(reinterpret_cast<void*>(base - 1 - beyond)));
  }
  int foreign = 0;
  EXPECT_FALSE(this->pool.deallocate(&foreign));
  EXPECT_FALSE(this->pool.deallocate(nullptr));
  EXPECT_EQ(this->pool.inUse(), this->count);
  this->giveBack(starts);
}

TYPED_TEST(RunPoolTest, RefusesWhatIsLongerThanAWordOrThanItself) {
  EXPECT_EQ(this->pool.take(33), RunPool::none);
  EXPECT_EQ(this->pool.take(~std::uint32_t{0}), RunPool::none);
  EXPECT_EQ(this->pool.take(this->longest + 1), RunPool::none);
  EXPECT_EQ(this->pool.allocate(this->pool.maxRequest() + 1), nullptr);
  EXPECT_EQ(this->pool.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(this->pool.allocate(SIZE_MAX - granule), nullptr);
  EXPECT_EQ(this->pool.inUse(), 0U);
}

TYPED_TEST(RunPoolTest, NeverReturnsAGranuleItDidNotTake) {
  const void* run = this->pool.allocate(0);
  EXPECT_TRUE(run == nullptr || this->pool.inUse() == 1) << "memory that a second caller would get too";
  if (this->pool.inUse() != 0) {
    EXPECT_TRUE(this->pool.deallocate(run));
  }
}

TYPED_TEST(RunPoolTest, RemembersTheMostGranulesEverHeld) {
  EXPECT_EQ(this->pool.peak(), 0U);
  const std::uint32_t first = this->pool.take(1);
  EXPECT_EQ(this->pool.peak(), 1U);
  EXPECT_TRUE(this->pool.give(first));
  const std::uint32_t all = this->pool.take(this->longest);
  EXPECT_TRUE(this->pool.give(all));
  this->giveBack(this->takeAll(1));
  EXPECT_EQ(this->pool.peak(), this->count);
  EXPECT_EQ(this->pool.inUse(), 0U);
}

TYPED_TEST(RunPoolTest, KeepsNothingInsideAGranule) {
  const std::size_t size = this->longest * granule;
  void* run = this->pool.allocate(size);
  test::fill(test::bytesOf(run, size), 7);
  EXPECT_TRUE(this->pool.deallocate(run));
  EXPECT_FALSE(this->pool.deallocate(run));
  ASSERT_EQ(this->pool.allocate(size), run);
  EXPECT_TRUE(test::isIntact(test::bytesOf(run, size), 7));
  EXPECT_TRUE(this->pool.deallocate(run));
}

TYPED_TEST(RunPoolTest, FindsTheStartOfTheRunAroundAnyGranule) {
  const std::uint32_t start = this->pool.take(this->longest);
  for (std::uint32_t index = 0; index < this->longest; ++index) {
    std::byte* const middle = this->pool.geometry().address(start + index) + granule / 2;
    EXPECT_EQ(this->pool.startAround(middle), start);
  }
  EXPECT_TRUE(this->pool.give(start));
  std::byte* const free_granule = this->pool.geometry().address(this->longest - 1);
  EXPECT_EQ(this->pool.startAround(free_granule), this->longest - 1) << "a free granule is its own";
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

}  // namespace
}  // namespace millpond
