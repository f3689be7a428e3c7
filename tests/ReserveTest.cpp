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

TEST_F(ReserveTest, OfManyWordsIsKeptToo) {
  StaticMemoryManager<MemoryConfig{
      .audio_buffer_pool_size = 40, .max_heap_allocation = 0, .audio_block_size = 64, .audio_reserve = 33}>
      many;
  std::vector<Buffer> flood;
  while (Buffer block = many.audioBuffer(64, "flood")) flood.push_back(std::move(block));
  EXPECT_EQ(flood.size(), 7U);
}

}  // namespace
}  // namespace millpond
