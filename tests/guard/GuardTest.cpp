// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "support/GuardedManager.h"

namespace millpond {
namespace {

using test::GuardedManager;

// Every size in a block of 16 bytes; the word before and the bytes behind are somebody else's.
class SealTest : public testing::Test {
 protected:
  static constexpr std::size_t granted = 16;
  // Where the bytes end that `seal` marks for `size`: the canary behind the next word's start, if there is
  // room.
  static constexpr std::size_t endFor(std::size_t size) { return std::min((size + 3) / 4 * 4 + 4, granted); }
  void seal(std::size_t size) {
    std::ranges::fill(memory, std::byte{0x11});
    guard::seal(block, size, granted);
  }

  alignas(4) std::array<std::byte, 4 + granted + 4> memory{};
  std::byte* block = memory.data() + 4;
};

TEST_F(SealTest, WritesNothingIntoWhatWasAskedForNorBesideTheBlock) {
  for (std::size_t size = 0; size <= granted; ++size) {
    seal(size);
    for (std::size_t at = 0; at < size / 4 * 4; ++at) EXPECT_EQ(block[at], std::byte{0x11});
    for (std::size_t at = 0; at < 4; ++at) {
      EXPECT_EQ(memory[at], std::byte{0x11});
      EXPECT_EQ(block[granted + at], std::byte{0x11});
    }
  }
}

TEST_F(SealTest, IsIntactWhateverIsWrittenIntoWhatWasAskedFor) {
  for (std::size_t size = 0; size <= granted; ++size) {
    seal(size);
    for (const std::byte content : {std::byte{0}, std::byte{0xFF}, std::byte{0x5A}}) {
      std::fill_n(block, size, content);
      EXPECT_TRUE(guard::isSealed(block, size, granted)) << size;
      EXPECT_EQ(guard::firstBreach(block, size, granted), guard::intact) << size;
    }
  }
}

TEST_F(SealTest, IsBrokenByAnyBitOfTheBytesBehind) {
  for (std::size_t size = 0; size <= granted; ++size) {
    for (std::size_t at = size; at < endFor(size); ++at) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        seal(size);
        block[at] ^= std::byte{1} << bit;
        EXPECT_FALSE(guard::isSealed(block, size, granted)) << size << " at " << at;
        EXPECT_EQ(guard::firstBreach(block, size, granted), at) << size;
      }
    }
  }
}

TEST_F(SealTest, ReachesNoFurtherThanTheWordBehind) {
  for (std::size_t size = 0; size <= granted; ++size) {
    for (std::size_t at = endFor(size); at < granted; ++at) {
      seal(size);
      block[at] ^= std::byte{1};
      EXPECT_TRUE(guard::isSealed(block, size, granted)) << size << " at " << at;
      EXPECT_EQ(guard::firstBreach(block, size, granted), guard::intact) << size;
    }
  }
}

TEST_F(SealTest, AFenceIsBrokenByAnyBitOfTheWordsOnEitherSide) {
  const auto fencedBlock = [this](std::size_t size) {
    seal(size);
    guard::sealFence(block, granted);
  };
  for (const std::size_t size : {granted, granted - 1, granted - 4, std::size_t{1}}) {
    fencedBlock(size);
    EXPECT_EQ(guard::firstFencedBreach(block, size, granted), guard::intact);
    for (std::size_t at = 0; at < 4; ++at) {
      fencedBlock(size);
      block[granted + at] ^= std::byte{0x80};
      EXPECT_EQ(guard::firstFencedBreach(block, size, granted), granted + at);
      fencedBlock(size);
      memory[at] ^= std::byte{0x80};
      EXPECT_EQ(guard::firstFencedBreach(block, size, granted), at - 4);
    }
  }
}

TEST(Poison, ShowsTheFirstByteThatIsNot) {
  std::array<std::byte, 16> memory{};
  for (std::size_t at = 0; at < memory.size(); ++at) {
    std::ranges::fill(memory, guard::poison_byte);
    EXPECT_EQ(guard::firstStain(memory.data(), memory.size()), guard::intact);
    memory[at] = std::byte{0};
    EXPECT_EQ(guard::firstStain(memory.data(), memory.size()), at);
    EXPECT_EQ(guard::firstStain(memory.data(), at), guard::intact);
  }
}

using LightGuardTest = GuardedManager<MemoryConfig{}>;

TEST_F(LightGuardTest, SeesEachOfTheBytesAfterTheRequestAtTheFree) {
  for (const std::size_t size : {1U, 2U, 3U, 4U, 100U, 4090U, 4092U}) {
    for (std::size_t over = 0; over < 4 && size + over < 4096; ++over) {
      violations.clear();
      auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(size, "sloppy"));
      block[size + over] ^= std::byte{1};
      memory.deallocate(block);
      ASSERT_EQ(violations.size(), 1U) << size << "+" << over;
      EXPECT_EQ(violations[0].size, size + over);
      EXPECT_EQ(violations[0].pointer, block);
      EXPECT_EQ(violations[0].pool, PoolId::audio);
      EXPECT_EQ(violations[0].block, 0U);
      EXPECT_STREQ(violations[0].source, "sloppy");
    }
  }
}

TEST_F(LightGuardTest, IsContentWithAFullBlock) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "exact"));
  block[4095] = std::byte{1};
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

TEST_F(LightGuardTest, WatchesRunsOfGranules) {
  auto* run = static_cast<std::byte*>(memory.allocateGeneralBuffer(700, "json"));
  run[701] = std::byte{0};
  memory.deallocate(run);
  ASSERT_EQ(violations.size(), 1U);
  EXPECT_EQ(violations[0].size, 701U);
}

TEST_F(LightGuardTest, ValidateFindsItWhileTheBlockIsHeldWithinItsBudget) {
  auto* block = static_cast<std::byte*>(memory.allocateNetworkBuffer(100, "sloppy"));
  EXPECT_EQ(memory.validate(1000), 0U);
  block[100] ^= std::byte{1};
  std::uint32_t found = 0;
  std::uint32_t calls = 0;
  for (; found == 0; ++calls) found = memory.validate(1);
  EXPECT_LE(calls, 14U) << "4 + 2 + 8 blocks, one a call";
  EXPECT_EQ(memory.validate(13), 0U) << "the other blocks are sound";
  memory.deallocate(block);
  EXPECT_EQ(memory.stats().guard_violations, 2U) << "once by validate, once by the free";
}

TEST_F(LightGuardTest, ASecondFreeIsNoViolation) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(10, "a"));
  memory.deallocate(block);
  block[10] = std::byte{0};
  memory.deallocate(block);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
}

// There is no byte left to mark: docs/pressure.md says so, and `Guards::fenced` is for that.
TEST_F(LightGuardTest, DoesNotSeeAWriteBesideABlockThatTheRequestFills) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "sloppy"));
  auto* above = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "neighbour"));
  block[4096] ^= std::byte{1};
  above[-1] ^= std::byte{1};
  memory.deallocate(block);
  memory.deallocate(above);
  EXPECT_TRUE(violations.empty());
}

using NoGuardTest = GuardedManager<MemoryConfig{.guards = Guards::none}>;

TEST_F(NoGuardTest, WritesNothingIntoABlock) {
  auto* block = static_cast<std::byte*>(memory.allocateAudioBuffer(4096, "a"));
  for (std::size_t at = 0; at < 4096; ++at) block[at] = std::byte{0x5A};
  memory.deallocate(block);
  EXPECT_EQ(memory.allocateAudioBuffer(10, "b"), block);
  for (std::size_t at = 0; at < 4096; ++at) ASSERT_EQ(block[at], std::byte{0x5A});
  memory.deallocate(block);
}

// It would be an event inside an event, and so on without end.
TEST_F(LightGuardTest, AnOverwrittenPayloadOfAnEventIsCountedAndNotTold) {
  struct Large {
    std::array<std::byte, 100> bytes;
  };
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  ASSERT_TRUE(bus.publish(eventId(100, EventPriority::low), Large{}));
  for (const LiveBlock& block : memory.leaks()) {
    if (block.source == std::string("event")) {
      auto* behind = static_cast<std::byte*>(const_cast<void*>(block.address)) + sizeof(Large);
      *behind ^= std::byte{1};
    }
  }
  while (bus.dropped(EventPriority::low) == 0) bus.publish(eventId(101, EventPriority::high), 1);
  EXPECT_EQ(memory.stats().guard_violations, 1U);
  EXPECT_TRUE(violations.empty());
}

}  // namespace
}  // namespace millpond
