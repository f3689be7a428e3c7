// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "support/GuardedManager.h"

namespace millpond {
namespace {

constexpr MemoryConfig fenced{.guards = Guards::fenced};
constexpr std::size_t fence = fenced.fence();
constexpr std::size_t run_of_two = 2 * 512 - fence;

class FencedGuardTest : public test::GuardedManager<fenced> {
 protected:
  std::byte* audio(std::size_t size, const char* source = "sloppy") {
    return static_cast<std::byte*>(memory.allocateAudioBuffer(size, source));
  }
  std::byte* general(std::size_t size, const char* source = "sloppy") {
    return static_cast<std::byte*>(memory.allocateGeneralBuffer(size, source));
  }
  void expectViolation(std::size_t at, const void* block, const char* source, std::ptrdiff_t offset) {
    ASSERT_LT(at, violations.size());
    EXPECT_EQ(violations[at].pointer, block);
    EXPECT_STREQ(violations[at].source, source);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(violations[at].size), offset);
  }
};

TEST_F(FencedGuardTest, SeesAWritePastTheEndOfABlockThatTheRequestFills) {
  for (std::size_t over = 0; over < 4; ++over) {
    violations.clear();
    std::byte* block = audio(4096);
    block[4096 + over] ^= std::byte{1};
    memory.deallocate(block);
    ASSERT_EQ(violations.size(), 1U);
    expectViolation(0, block, "sloppy", 4096 + static_cast<std::ptrdiff_t>(over));
  }
}

TEST_F(FencedGuardTest, SeesAWritePastTheEndOfARunThatTheRequestFills) {
  std::byte* run = general(run_of_two);
  EXPECT_EQ(memory.stats().general.in_use, 2U);
  run[run_of_two] ^= std::byte{1};
  memory.deallocate(run);
  ASSERT_EQ(violations.size(), 1U);
  expectViolation(0, run, "sloppy", run_of_two);
}

// A program that is a row or a record too far leaves the word behind its request as it was.
TEST_F(FencedGuardTest, SeesAWritePastTheEndOfABlockThatTheRequestDoesNotFill) {
  for (const std::size_t size : {1U, 100U, 4092U, 4095U}) {
    violations.clear();
    std::byte* block = audio(size);
    block[4096] ^= std::byte{1};
    memory.deallocate(block);
    ASSERT_EQ(violations.size(), 1U) << size;
    expectViolation(0, block, "sloppy", 4096);
  }
}

TEST_F(FencedGuardTest, SeesAWriteBeforeABlockOfAnyPool) {
  for (std::ptrdiff_t under = 1; under <= 4; ++under) {
    const std::array<void*, 6> blocks{audio(4096),
                                      audio(10),
                                      memory.allocateNetworkBuffer(20480, "sloppy"),
                                      memory.allocateNetworkBuffer(10, "sloppy"),
                                      general(run_of_two),
                                      general(10)};
    for (void* block : blocks) {
      violations.clear();
      static_cast<std::byte*>(block)[-under] ^= std::byte{1};
      memory.deallocate(block);
      ASSERT_EQ(violations.size(), 1U);
      expectViolation(0, block, "sloppy", -under);
    }
  }
}

TEST_F(FencedGuardTest, ValidateSeesBothSidesOfAHeldBlock) {
  std::byte* block = audio(4096);
  std::byte* run = general(run_of_two);
  EXPECT_EQ(memory.validate(100), 0U);
  block[-1] ^= std::byte{1};
  run[run_of_two + 3] ^= std::byte{1};
  EXPECT_EQ(memory.validate(100), 2U);
  expectViolation(0, block, "sloppy", -1);
  expectViolation(1, run, "sloppy", run_of_two + 3);
  block[-1] ^= std::byte{1};
  run[run_of_two + 3] ^= std::byte{1};
  EXPECT_EQ(memory.validate(100), 0U);
  memory.deallocate(block);
  memory.deallocate(run);
}

TEST_F(FencedGuardTest, AShortOverrunIsLaidToTheBlockBelowAlone) {
  std::byte* below = audio(4096);
  std::byte* above = audio(4096, "neighbour");
  std::fill_n(below + 4096, fence - 4, std::byte{0x55});
  memory.deallocate(above);
  EXPECT_TRUE(violations.empty());
  memory.deallocate(below);
  ASSERT_EQ(violations.size(), 1U);
  expectViolation(0, below, "sloppy", 4096);
}

TEST_F(FencedGuardTest, AnUnderrunIsLaidToTheBlockAboveAlone) {
  std::byte* below = audio(4096, "neighbour");
  std::byte* above = audio(4096);
  std::fill_n(above - 4, 4, std::byte{0x55});
  memory.deallocate(above);
  memory.deallocate(below);
  ASSERT_EQ(violations.size(), 1U);
  expectViolation(0, above, "sloppy", -4);
}

TEST_F(FencedGuardTest, AnOverrunThroughTheWholeFenceIsToldOfBothNeighbours) {
  std::byte* below = audio(4096);
  std::byte* above = audio(4096, "neighbour");
  std::fill_n(below + 4096, fence, std::byte{0x55});
  memory.deallocate(above);
  ASSERT_EQ(violations.size(), 2U);
  expectViolation(0, above, "neighbour", -4);
  expectViolation(1, below, "sloppy", 4096);
  EXPECT_EQ(violations[1].block, violations[0].block - 1);
  memory.deallocate(below);
}

TEST_F(FencedGuardTest, AnOverrunOfARunIsToldOfTheRunFromItsStart) {
  std::byte* below = general(3 * 512 - fence);
  std::byte* above = general(10, "neighbour");
  ASSERT_EQ(above, below + 3 * 512);
  std::fill_n(above - fence, fence, std::byte{0x55});
  memory.deallocate(above);
  ASSERT_EQ(violations.size(), 2U);
  expectViolation(1, below, "sloppy", 3 * 512 - static_cast<std::ptrdiff_t>(fence));
  EXPECT_EQ(violations[1].pool, PoolId::general);
  memory.deallocate(below);
}

TEST_F(FencedGuardTest, WhoFreedItsBlockIsNotToldOfForAWriteThatCameLater) {
  std::byte* below = audio(4096, "gone");
  std::byte* above = audio(4096);
  memory.deallocate(below);
  std::fill_n(below + 4096, fence, std::byte{0x55});
  memory.deallocate(above);
  ASSERT_EQ(violations.size(), 1U);
  expectViolation(0, above, "sloppy", -4);
}

TEST_F(FencedGuardTest, WhoTakesABlockNextIsNotToldOfForWhatWasBroken) {
  std::byte* block = audio(4096);
  std::fill_n(block + 4096, fence, std::byte{0x55});
  std::fill_n(block - 4, 4, std::byte{0x55});
  memory.deallocate(block);
  violations.clear();
  EXPECT_EQ(audio(4096, "next"), block);
  EXPECT_EQ(memory.validate(100), 0U);
  memory.deallocate(block);
  EXPECT_TRUE(violations.empty());
}

TEST_F(FencedGuardTest, ASecondFreeIsNoViolation) {
  std::byte* block = audio(10);
  memory.deallocate(block);
  std::fill_n(block - 4, 100, std::byte{0});
  memory.deallocate(block);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(memory.stats().audio.rejected, 1U);
}

TEST_F(FencedGuardTest, ABlockGrantsAllItsBytesAndARunAllButItsFence) {
  std::byte* block = audio(1);
  std::byte* run = general(512);  // the fence takes it into a second granule
  const std::vector<LiveBlock> live = test::liveBlocks(memory);
  ASSERT_EQ(live.size(), 2U);
  EXPECT_EQ(live[0].granted, 4096U);
  EXPECT_EQ(live[1].granted, run_of_two);
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.block_size, 4096U);
  EXPECT_EQ(stats.audio.bytes_granted, 4096U);
  EXPECT_EQ(stats.general.block_size, 512U);
  EXPECT_EQ(stats.general.in_use, 2U);
  EXPECT_EQ(stats.general.bytes_requested, 512U);
  EXPECT_EQ(stats.general.bytes_granted, 2 * 512U);
  memory.deallocate(block);
  memory.deallocate(run);
}

TEST_F(FencedGuardTest, ARequestLargerThanABlockLessItsFenceIsOversize) {
  std::byte* most = general(8 * 512 - fence);
  EXPECT_EQ(memory.stats().general.in_use, 8U);
  memory.deallocate(most);
  memory.deallocate(general(8 * 512 - fence + 1));
  memory.deallocate(audio(4097));
  EXPECT_EQ(memory.stats().general.oversize, 1U);
  EXPECT_EQ(memory.stats().audio.oversize, 1U);
  EXPECT_EQ(heap.allocations(), 2U);
}

TEST_F(FencedGuardTest, SharedBuffersEventsAndHandlesAreCleanUse) {
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  ASSERT_TRUE(bus.ready());
  for (int event = 0; event < 40; ++event) {
    bus.publish(eventId(100, EventPriority::low), std::array<std::byte, 496>{});
    SharedBuffer shared(memory.generalBuffer(run_of_two, "shared"));
    if (shared) std::ranges::fill(shared.bytes(), std::byte{0x77});
    const SharedBuffer other = shared;
    shared.reset();
    EXPECT_EQ(memory.validate(100), 0U);
    bus.processEvents(1);
  }
  bus.processEvents();
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

// What every tier above light shares: the fence keeps the alignment and is counted as overhead.
template <std::size_t alignment, Guards guards>
void expectFencesThatKeepTheAlignment() {
  constexpr MemoryConfig config{.audio_block_size = 4096,
                                .network_block_size = 1024,
                                .general_block_size = 1024,
                                .alignment = alignment,
                                .guards = guards};
  constexpr std::size_t width = alignment;
  static_assert(config.fence() == width);
  static_assert(config.fenceBytes() == (1 + 4 + 2) * width);
  using Manager = StaticMemoryManager<config>;
  static_assert(Manager::poolBytes() == 4 * 4096 + 2 * 1024 + 8 * 1024, "the ADR's figure has no fences");
  static_assert(Manager::totalBytes() == sizeof(Manager) + config.static_buffer_bytes);

  const auto memory = std::make_unique<Manager>();
  const auto begin = reinterpret_cast<std::uintptr_t>(memory.get());
  std::vector<void*> blocks;
  for (int block = 0; block < 4; ++block) blocks.push_back(memory->allocateAudioBuffer(4096, "a"));
  for (int block = 0; block < 2; ++block) blocks.push_back(memory->allocateNetworkBuffer(1024, "n"));
  for (int block = 0; block < 4; ++block) blocks.push_back(memory->allocateGeneralBuffer(2048 - width, "g"));
  for (const LiveBlock& block : memory->leaks()) {
    EXPECT_NE(block.pool, PoolId::heap);
    const auto start = reinterpret_cast<std::uintptr_t>(block.address);
    EXPECT_EQ(start % alignment, 0U);
    EXPECT_GE(start - width, begin);
    EXPECT_LE(start + block.granted + width, begin + sizeof(Manager));
    std::fill_n(static_cast<std::byte*>(const_cast<void*>(block.address)), block.granted, std::byte{0xEE});
  }
  for (void* block : blocks) memory->deallocate(block);
  EXPECT_EQ(memory->stats().guard_violations, 0U);
  test::expectAllEmpty(*memory);
}

TEST(Fence, KeepsTheAlignmentOfBlocks) {
  expectFencesThatKeepTheAlignment<8, Guards::fenced>();
  expectFencesThatKeepTheAlignment<16, Guards::full>();
  expectFencesThatKeepTheAlignment<64, Guards::fenced>();
  expectFencesThatKeepTheAlignment<512, Guards::fenced>();
  expectFencesThatKeepTheAlignment<512, Guards::full>();
}

TEST(Fence, CostsNothingBelowItsTier) {
  static_assert(MemoryConfig{}.fence() == 0);
  static_assert(MemoryConfig{}.fenceBytes() == 0);
  static_assert(MemoryConfig{}.arenaBytes() == 61440);
  static_assert(sizeof(StaticMemoryManager<fenced>) == sizeof(StaticMemoryManager<>) + fenced.fenceBytes());
}

TEST(Fence, CountsInTheBudget) {
  constexpr std::size_t needed = StaticMemoryManager<fenced>::totalBytes();
  constexpr std::size_t overhead = StaticMemoryManager<fenced>::overheadBytes();
  constexpr MemoryConfig enough{.guards = Guards::fenced, .available_ram = needed};
  constexpr MemoryConfig short_of_it{.guards = Guards::fenced, .available_ram = needed - 1};
  EXPECT_EQ(enough.checkBudget(overhead), ConfigError::none);
  EXPECT_EQ(short_of_it.checkBudget(overhead), ConfigError::ram_exceeded);
}

TEST(Fence, IsRefusedWhereTheWordOfAPoolOrAGranuleHasNoRoomForIt) {
  const auto check = [](std::size_t alignment, std::size_t granule, Guards guards) {
    return MemoryConfig{.general_block_size = granule, .alignment = alignment, .guards = guards}.check();
  };
  EXPECT_EQ(check(16, 32, Guards::fenced), ConfigError::none);
  EXPECT_EQ(check(16, 16, Guards::fenced), ConfigError::fence_too_wide);
  EXPECT_EQ(check(8, 8, Guards::full), ConfigError::fence_too_wide);
  EXPECT_EQ(check(8, 16, Guards::full), ConfigError::none);
  EXPECT_EQ(check(16, 16, Guards::light), ConfigError::none);
  EXPECT_EQ(check(512, 1024, Guards::fenced), ConfigError::none);
  EXPECT_EQ(check(1024, 2048, Guards::fenced), ConfigError::fence_too_wide);
  EXPECT_EQ(check(1024, 2048, Guards::light), ConfigError::none);
}

constexpr MemoryConfig fenced_and_movable{.guards = Guards::fenced,
                                          .audio_reclaimable = true,
                                          .network_reclaimable = true,
                                          .general_reclaimable = true};

class FencedReclaimTest : public test::GuardedManager<fenced_and_movable> {};

TEST_F(FencedReclaimTest, AReclaimablePoolTakesItsFencesWithIt) {
  static_assert(fenced_and_movable.arenaBytes() == fence);
  static_assert(StaticMemoryManager<fenced_and_movable>::overheadBytes() ==
                sizeof(StaticMemoryManager<fenced_and_movable>) - fence + fenced_and_movable.fenceBytes());
  EXPECT_EQ(memory.releaseIdlePools(), 61440 + (5 + 3 + 1) * fence);
  heap.setFree(20480 * 2 + 3 * fence - 1);
  EXPECT_EQ(memory.reacquirePools(), 4096 * 4 + 5 * fence + 512 * 8 + fence) << "not the network pool";
  heap.setFree(SIZE_MAX);
  EXPECT_EQ(memory.reacquirePools(), 20480 * 2 + 3 * fence);
}

TEST_F(FencedReclaimTest, APoolThatCameBackIsFencedAgain) {
  memory.releaseIdlePools();
  memory.reacquirePools();
  auto* block = static_cast<std::byte*>(memory.allocateNetworkBuffer(20480, "sloppy"));
  std::fill_n(block, 20480, std::byte{0xEE});
  EXPECT_EQ(memory.validate(100), 0U);
  block[20480] ^= std::byte{1};
  EXPECT_EQ(memory.validate(100), 1U);
  memory.deallocate(block);
  EXPECT_EQ(violations.size(), 2U);
}

constexpr MemoryConfig fenced_and_many{.audio_buffer_pool_size = 40,
                                       .network_buffer_pool_size = 33,
                                       .general_buffer_pool_size = 70,
                                       .audio_block_size = 64,
                                       .network_block_size = 48,
                                       .general_block_size = 32,
                                       .guards = Guards::fenced};

class ManyFencedTest : public test::GuardedManager<fenced_and_many> {};

TEST_F(ManyFencedTest, SeesAnOverrunIntoTheNextWordsFirstRun) {
  std::vector<std::byte*> runs;
  for (int run = 0; run < 33; ++run) {
    runs.push_back(static_cast<std::byte*>(memory.allocateGeneralBuffer(32 - fence, "run")));
  }
  std::fill_n(runs[32] - fence, fence, std::byte{0x55});
  memory.deallocate(runs[32]);
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[0].block, 32U);
  EXPECT_EQ(violations[1].block, 31U);
  runs.pop_back();
  violations.clear();
  for (std::byte* run : runs) memory.deallocate(run);
  EXPECT_EQ(violations.size(), 1U) << "the one that wrote";
}

}  // namespace
}  // namespace millpond
