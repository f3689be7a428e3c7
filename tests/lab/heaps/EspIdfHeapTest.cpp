// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/EspIdfHeap.h"

namespace millpond::lab {
namespace {

/// Places are offsets in the region. 64 KiB less what registers the heap, 20 bytes, have 11 rows of 16 lists:
/// the tables are 36 bytes, a word a row and a word a list. A header and the end take 4 bytes each.
class EspIdfHeapTest : public testing::Test {
 protected:
  static constexpr std::uint32_t tables = 20 + 36 + 11 * (4 + 16 * 4);
  static constexpr std::uint32_t first = tables + 4;
  static constexpr std::uint32_t whole = 64 * 1024 - tables - 2 * 4;

  void TearDown() override {
    EXPECT_TRUE(heap.isSound());
    EXPECT_EQ(heap.heldBlocks(), 0U);
    EXPECT_EQ(heap.holes().largest, whole) << "all holes grew together again";
    EXPECT_EQ(heap.holes().free, whole);
  }

  std::uint32_t take(std::uint32_t bytes, std::uint32_t alignment = 4) {
    void* memory = heap.allocate(bytes, alignment);
    if (memory == nullptr) return refused;
    std::memset(memory, 0x5A, bytes);
    return static_cast<std::uint32_t>(static_cast<std::byte*>(memory) - ram.span().data());
  }
  void giveAll(const std::vector<std::uint32_t>& places) {
    for (const std::uint32_t place : places) EXPECT_TRUE(heap.release(ram.span().data() + place));
  }
  void give(std::uint32_t place) { giveAll({place}); }

  static constexpr std::uint32_t refused = UINT32_MAX;
  DeviceRam ram{64 * 1024};
  EspIdfHeap heap{ram.span()};
};

TEST_F(EspIdfHeapTest, RoundsABlockUpToTheSizeWithWhichItsListBegins) {
  // Bytes asked for, and those that the block gets: 12 at least; below 64 a multiple of 4; then a sixteenth
  // of the power of two below.
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes{
      {1, 12},    {13, 16},     {61, 64},     {65, 68},       {127, 128},    {129, 136},
      {513, 544}, {1000, 1024}, {4400, 4608}, {16717, 17408}, {19200, 19456}};
  for (const auto& [bytes, granted] : sizes) {
    const std::uint32_t place = take(bytes);
    EXPECT_EQ(place, first);
    const std::uint32_t next = take(1);
    EXPECT_EQ(next, first + granted + 4) << bytes;
    giveAll({place, next});
  }
}

TEST_F(EspIdfHeapTest, ServesTheNextRequestOfTheSizeFromAFreedBlock) {
  const std::uint32_t chunk = take(19200);
  const std::uint32_t wall = take(8);
  give(chunk);
  EXPECT_EQ(heap.holes().free, whole - 16 - 4) << "the wall with its header, and that of the chunk";
  EXPECT_EQ(take(19000), chunk);
  give(chunk);
  EXPECT_EQ(take(19200), chunk);
  giveAll({chunk, wall});
}

TEST_F(EspIdfHeapTest, OverlooksAHoleBelowTheSizeThatItRoundsUpTo) {
  const std::uint32_t one = take(9216);
  const std::uint32_t other = take(9728);
  const std::uint32_t wall = take(12);
  const std::uint32_t rest = take(heap.largestRequest(heap.holes().largest));
  giveAll({one, other});
  EXPECT_EQ(heap.holes().largest, 9216U + 4 + 9728) << "18948";
  EXPECT_EQ(take(18900), refused) << "its block has 19456";
  EXPECT_EQ(heap.largestRequest(18948), 18432U);
  EXPECT_EQ(take(18433), refused);
  EXPECT_EQ(take(18432), one);
  giveAll({one, wall, rest});
}

TEST_F(EspIdfHeapTest, SplitsARestThatCanBeABlock) {
  const std::uint32_t hole = take(80);
  const std::uint32_t wall = take(12);
  give(hole);
  EXPECT_EQ(take(64), hole);
  EXPECT_EQ(take(12), hole + 64 + 4) << "80 - 64 is a header and the least block";
  giveAll({hole, hole + 64 + 4, wall});
}

TEST_F(EspIdfHeapTest, LeavesASmallerRestToTheBlock) {
  const std::uint32_t hole = take(76);
  const std::uint32_t wall = take(12);
  give(hole);
  EXPECT_EQ(take(64), hole);
  EXPECT_GT(take(1), wall) << "76 - 64 is no block";
  giveAll({hole, wall, wall + 12 + 4});
}

TEST_F(EspIdfHeapTest, TakesTheBlockThatWasFreedLastFromTheFirstListThatFits) {
  const std::uint32_t large = take(300);
  const std::uint32_t wall = take(12);
  const std::uint32_t one = take(100);
  const std::uint32_t second_wall = take(12);
  const std::uint32_t other = take(100);
  const std::uint32_t third_wall = take(12);
  giveAll({large, other, one});
  EXPECT_EQ(take(100), one);
  EXPECT_EQ(take(100), other) << "before the larger one, which lies lower";
  EXPECT_EQ(take(100), large);
  giveAll({large, wall, one, second_wall, other, third_wall});
}

TEST_F(EspIdfHeapTest, GrowsHolesTogetherOnBothSides) {
  const std::uint32_t a = take(100);
  const std::uint32_t b = take(100);
  const std::uint32_t c = take(100);
  const std::uint32_t wall = take(12);
  giveAll({a, c});
  EXPECT_EQ(heap.holes().free, whole - 3 * 104 - 16 + 200);
  give(b);
  EXPECT_EQ(heap.holes().free, whole - 3 * 104 - 16 + 308);
  EXPECT_EQ(take(304), a) << "19 parts of 16, from one hole";
  giveAll({a, wall});
}

TEST_F(EspIdfHeapTest, AlignsABlockThatItThenDoesNotRoundUp) {
  EXPECT_EQ(first % 8, 0U);
  const std::uint32_t aligned = take(130, 8);
  const std::uint32_t behind = take(16);
  EXPECT_EQ(aligned, first);
  EXPECT_EQ(behind, first + 132 + 4);
  // The next would lie at 4 beyond a multiple of 8. A gap of 4 is no block, so 20 are skipped, and are one.
  const std::uint32_t next = take(100, 8);
  EXPECT_EQ(next, behind + 20 + 20);
  EXPECT_EQ(next % 8, 0U);
  EXPECT_EQ(take(16), behind + 20);
  giveAll({aligned, behind, next, behind + 20});
}

TEST_F(EspIdfHeapTest, TakesAConstantNumberOfSteps) {
  std::vector<std::uint32_t> places;
  for (std::uint32_t place = take(100); place != refused; place = take(100)) places.push_back(place);
  EXPECT_GT(places.size(), 500U);
  for (std::size_t index = 0; index < places.size(); index += 2) give(places[index]);
  const std::uint32_t small = take(100);
  EXPECT_LE(heap.steps(), 4U);
  give(small);
  for (std::size_t index = 1; index < places.size(); index += 2) {
    give(places[index]);
    EXPECT_LE(heap.steps(), 5U);
  }
}

TEST_F(EspIdfHeapTest, RefusesWhatItDidNotGive) {
  const std::uint32_t place = take(100);
  std::byte* block = ram.span().data() + place;
  int foreign = 0;
  EXPECT_FALSE(heap.release(&foreign));
  EXPECT_FALSE(heap.release(block + 8));
  EXPECT_FALSE(heap.release(block + 2));
  EXPECT_TRUE(heap.release(block));
  EXPECT_FALSE(heap.release(block));
  EXPECT_EQ(heap.allocate(0), nullptr);
  EXPECT_EQ(heap.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(heap.allocate(UINT32_MAX), nullptr);
  EXPECT_EQ(heap.allocate(65535), nullptr);
  EXPECT_TRUE(heap.release(nullptr));
}

TEST_F(EspIdfHeapTest, ItsCheckSeesEveryWordThatIsNotAsItWas) {
  const std::uint32_t held = take(100);
  const std::uint32_t hole = take(100);
  const std::uint32_t wall = take(100);
  const std::uint32_t other = take(100);
  const std::uint32_t end = take(100);
  giveAll({hole, other});
  const auto soundWith = [this](std::uint32_t place, std::uint32_t change) {
    std::uint32_t word = 0;
    std::memcpy(&word, ram.span().data() + place, sizeof word);
    const std::uint32_t changed = word ^ change;
    std::memcpy(ram.span().data() + place, &changed, sizeof changed);
    const bool sound = heap.isSound();
    std::memcpy(ram.span().data() + place, &word, sizeof word);
    return sound;
  };
  for (const std::uint32_t change : {1U, 2U, 8U}) {
    EXPECT_FALSE(soundWith(held - 4, change)) << "header of a held block";
    EXPECT_FALSE(soundWith(hole - 4, change)) << "header of a free block";
  }
  EXPECT_FALSE(soundWith(hole + 4, 8)) << "previous in the list";
  EXPECT_FALSE(soundWith(other + 4, 8)) << "previous of the list's first";
  EXPECT_FALSE(soundWith(hole + 100 - 4, 8)) << "its own address in a free block's last word";
  EXPECT_TRUE(heap.isSound());
  giveAll({held, wall, end});
}

TEST(EspIdfHeap, HasListsByItsSize) {
  // Its region, bytes asked for, and those that the block gets: an eighth, a sixteenth, a thirty-second.
  for (const auto& [region, bytes, granted] :
       {std::array{16 * 1024 + 20, 5000, 5120}, std::array{16 * 1024 + 24, 5000, 5120},
        std::array{16 * 1024 + 20, 4200, 4608}, std::array{16 * 1024 + 24, 4200, 4352},
        std::array{256 * 1024 + 20, 16500, 17408}, std::array{256 * 1024 + 24, 16500, 16896}}) {
    DeviceRam ram(static_cast<std::uint32_t>(region));
    EspIdfHeap heap(ram.span());
    auto* place = static_cast<std::byte*>(heap.allocate(static_cast<std::size_t>(bytes)));
    auto* next = static_cast<std::byte*>(heap.allocate(1));
    EXPECT_EQ(next - place, granted + 4) << region;
  }
}

}  // namespace
}  // namespace millpond::lab
