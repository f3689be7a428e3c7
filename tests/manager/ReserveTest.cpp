// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using ReserveTest =
    test::ManagerOf<MemoryConfig{.max_heap_allocation = 0, .audio_reserve = 1, .general_reserve = 3}>;

TEST_F(ReserveTest, AFloodOfOrdinaryRequestsLeavesTheReserveAlone) {
  std::vector<Buffer> flood;
  while (Buffer block = memory.audioBuffer(4096, "flood")) flood.push_back(std::move(block));
  EXPECT_EQ(flood.size(), 3U);
  void* capture = memory.allocateAudioBuffer(4096, "capture", 0, Access::reserved);
  EXPECT_NE(capture, nullptr);
  EXPECT_EQ(memory.allocateAudioBuffer(4096, "capture", 0, Access::reserved), nullptr);
  memory.deallocate(capture);
  EXPECT_EQ(memory.allocateAudioBuffer(4096, "flood"), nullptr)
      << "what came back belongs to the reserve again";
}

TEST_F(ReserveTest, AnInterruptMayTakeTheReserve) {
  std::vector<Buffer> flood;
  while (Buffer block = memory.audioBuffer(4096, "flood")) flood.push_back(std::move(block));
  const Port::InterruptScope interrupt;
  const Buffer block = memory.audioBuffer(100, "isr");
  EXPECT_TRUE(block);
  EXPECT_FALSE(memory.audioBuffer(100, "isr"));
}

TEST_F(ReserveTest, IsKeptInGranulesForRuns) {
  const Buffer run = memory.generalBuffer(5 * 512, "flood");
  EXPECT_TRUE(run);
  EXPECT_FALSE(memory.generalBuffer(1, "flood"));
  void* reserved = memory.allocateGeneralBuffer(3 * 512, "capture", 0, Access::reserved);
  EXPECT_NE(reserved, nullptr);
  memory.deallocate(reserved);
}

// The whole pool but the reserve is all that an ordinary caller can ever get.
TEST_F(ReserveTest, WhatItLeavesToNobodyIsOversizeAtOnceForAnOrdinaryCaller) {
  EXPECT_EQ(memory.allocateGeneralBuffer(5 * 512 + 1, "whole", 5000), nullptr);
  EXPECT_EQ(memory.allocateGeneralBuffer(8 * 512, "whole"), nullptr);
  EXPECT_EQ(memory.stats().general.oversize, 2U);
  EXPECT_EQ(memory.stats().general.exhausted, 0U);
  const Buffer largest = memory.generalBuffer(5 * 512, "largest");
  EXPECT_TRUE(largest);
}

TEST_F(ReserveTest, WhatItLeavesToNobodyIsServedWithItsRights) {
  void* block = memory.allocateGeneralBuffer(8 * 512, "capture", 0, Access::reserved);
  EXPECT_NE(block, nullptr);
  memory.deallocate(block);
  const Port::InterruptScope interrupt;
  EXPECT_TRUE(memory.generalBuffer(8 * 512, "isr"));
}

TEST_F(ReserveTest, OfManyWordsIsKeptToo) {
  StaticMemoryManager<MemoryConfig{
      .audio_buffer_pool_size = 40, .max_heap_allocation = 0, .audio_block_size = 64, .audio_reserve = 33}>
      many;
  std::vector<Buffer> flood;
  while (Buffer block = many.audioBuffer(64, "flood")) flood.push_back(std::move(block));
  EXPECT_EQ(flood.size(), 7U);
}

TEST_F(ReserveTest, OfManyWordsOfGranulesBoundsARequestToo) {
  StaticMemoryManager<MemoryConfig{.general_buffer_pool_size = 40,
                                   .max_heap_allocation = 0,
                                   .general_block_size = 64,
                                   .general_reserve = 33}>
      many;
  EXPECT_FALSE(many.generalBuffer(7 * 64 + 1, "large"));
  EXPECT_EQ(many.stats().general.oversize, 1U);
  EXPECT_TRUE(many.generalBuffer(7 * 64, "largest"));
}

}  // namespace
}  // namespace millpond
