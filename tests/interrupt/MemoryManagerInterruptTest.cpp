// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "interrupt/Arrivals.h"
#include "millpond.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace memory_manager_interrupt {

using test::Named;

constexpr MemoryConfig small{.audio_buffer_pool_size = 3,
                             .network_buffer_pool_size = 2,
                             .general_buffer_pool_size = 4,
                             .max_heap_allocation = 500,
                             .audio_block_size = 64,
                             .network_block_size = 48,
                             .general_block_size = 16,
                             .max_heap_blocks = 2};

/// A manager above a heap that can be interrupted as well, and what its callers saw.
class World {
 public:
  World() { heap.setOnCall(test::AtomicSteps::beforeLoadOrStore); }

  void audio(std::size_t size) {
    ++audio_requests_;
    own(memory.allocateAudioBuffer(size, "audio"), size);
  }
  void general(std::size_t size) { own(memory.allocateGeneralBuffer(size, "general"), size); }

  /// Frees a block that nobody else is freeing.
  void free(void* block) {
    if (block == nullptr) return;
    held_.erase(block);
    memory.deallocate(block);
  }
  /// As `free`, for the operation that is interrupted.
  void freeInterrupted(void* block) {
    if (block == nullptr) return;
    freeing_ = block;
    held_.erase(block);
    memory.deallocate(block);
    freeing_ = nullptr;
  }
  /// A second free of what is being freed: whichever comes later is the bad one.
  void freeTheSame() {
    if (freeing_ == nullptr || held_.contains(freeing_)) return;
    memory.deallocate(freeing_);
    ++bad_frees_;
  }
  void freeBadly(void* pointer) {
    memory.deallocate(pointer);
    ++bad_frees_;
  }

  void* lowestHeld() const { return held_.empty() ? nullptr : held_.begin()->first; }
  void* highestHeld() const { return held_.empty() ? nullptr : held_.rbegin()->first; }

  void sample() {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    const MemoryStats stats = memory.stats();
    // A block that is taken and not yet written down counts in the occupancy only.
    const std::size_t others =
        stats.network.in_use * small.network_block_size + stats.general.in_use * small.general_block_size;
    most_audio_ = std::max(most_audio_, (memory.occupancy().held - others) / small.audio_block_size);
    EXPECT_LE(stats.heap.in_use, small.max_heap_allocation);
  }

  void expectConsistent() {
    memory.releaseFreed();
    expectHeldBlocksAreListed();
    const MemoryStats stats = memory.stats();
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;
    std::uint64_t rejected = 0;
    for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) {
      allocations += pool.allocations;
      frees += pool.frees;
      rejected += pool.rejected;
    }
    ASSERT_EQ(allocations, served_);
    ASSERT_EQ(frees, served_ - held_.size());
    ASSERT_EQ(rejected, bad_frees_);
    ASSERT_EQ(stats.heap.exhausted, refused_);
    ASSERT_EQ(stats.audio.allocations + stats.audio.exhausted + stats.audio.oversize, audio_requests_);
    ASSERT_EQ(stats.audio.peak, most_audio_);
    while (lowestHeld() != nullptr) free(lowestHeld());
    test::expectAllEmpty(memory);
    expectAllBlocksCanBeHad();
  }

  test::TestHeap heap;
  StaticMemoryManager<small> memory{heap.heap()};

 private:
  void own(void* block, std::size_t size) {
    if (block == nullptr) {
      ++refused_;
      return;
    }
    ++served_;
    EXPECT_TRUE(held_.emplace(block, size).second) << "two owners";
  }

  void expectHeldBlocksAreListed() {
    std::map<void*, std::size_t> listed;
    for (const LiveBlock& block : memory.leaks())
      listed.emplace(const_cast<void*>(block.address), block.size);
    ASSERT_EQ(listed, held_);
  }

  void expectAllBlocksCanBeHad() {
    std::vector<void*> blocks;
    for (int block = 0; block < 3; ++block) blocks.push_back(memory.allocateAudioBuffer(64, "all"));
    blocks.push_back(memory.allocateGeneralBuffer(64, "all"));
    blocks.push_back(memory.allocateNetworkBuffer(500, "all"));
    for (void* block : blocks) {
      ASSERT_NE(block, nullptr) << "something was lost";
      memory.deallocate(block);
    }
  }

  std::map<void*, std::size_t> held_;
  std::size_t served_ = 0;
  std::size_t refused_ = 0;
  std::size_t bad_frees_ = 0;
  std::size_t audio_requests_ = 0;
  std::size_t most_audio_ = 0;
  void* freeing_ = nullptr;
};

void exhaust(World& world) {
  for (int block = 0; block < 4; ++block) world.audio(10);
  for (int block = 0; block < 5; ++block) world.general(10);
}

const std::vector<Named<World>> preparations{{"empty", [](World&) {}},
                                             {"one block free",
                                              [](World& world) {
                                                world.audio(1);
                                                world.audio(64);
                                                world.general(48);
                                              }},
                                             {"exhausted", exhaust},
                                             {"the fallback full too", [](World& world) {
                                                exhaust(world);
                                                world.audio(400);
                                                world.audio(480);
                                              }}};

const std::vector<Named<World>> operations{
    {"allocate audio", [](World& world) { world.audio(64); }},
    {"allocate general", [](World& world) { world.general(30); }},
    {"allocate too much", [](World& world) { world.audio(100); }},
    {"free the lowest", [](World& world) { world.freeInterrupted(world.lowestHeld()); }},
    {"free the highest", [](World& world) { world.freeInterrupted(world.highestHeld()); }},
    {"free badly", [](World& world) { world.freeBadly(&world); }},
    {"look at the statistics", [](World& world) {
       static_cast<void>(world.memory.stats());
       static_cast<void>(test::liveBlocks(world.memory));
     }}};

template <void (*arrival)(World&)>
void inInterrupt(World& world) {
  const Port::InterruptScope in_interrupt;
  arrival(world);
}
void allocateAudio(World& world) { world.audio(20); }
void allocateTooMuch(World& world) { world.general(100); }
void freeLowest(World& world) { world.free(world.lowestHeld()); }
void freeHighest(World& world) { world.free(world.highestHeld()); }
void freeTheSame(World& world) { world.freeTheSame(); }
void freeBadly(World& world) { world.freeBadly(&world); }
void swap(World& world) {
  world.free(world.lowestHeld());
  world.audio(33);
  world.sample();
}

const std::vector<Named<World>> arrivals{{"a task allocates", allocateAudio},
                                         {"a task allocates too much", allocateTooMuch},
                                         {"a task frees the lowest", freeLowest},
                                         {"a task frees the highest", freeHighest},
                                         {"a task frees the same", freeTheSame},
                                         {"a task frees badly", freeBadly},
                                         {"a task exhausts all", exhaust},
                                         {"a task frees and allocates", swap},
                                         {"an interrupt allocates", inInterrupt<allocateAudio>},
                                         {"an interrupt allocates too much", inInterrupt<allocateTooMuch>},
                                         {"an interrupt frees the lowest", inInterrupt<freeLowest>},
                                         {"an interrupt frees the highest", inInterrupt<freeHighest>},
                                         {"an interrupt exhausts all", inInterrupt<exhaust>},
                                         {"an interrupt frees and allocates", inInterrupt<swap>}};

TEST(MemoryManagerInterrupt, OneArrivalInAnyWindowLeavesEveryFigureExact) {
  test::interruptEverywhere(preparations, operations, arrivals);
}

// All pairs would take minutes; these are the ones that can undo what the operation has read.
TEST(MemoryManagerInterrupt, TwoArrivalsInAnyTwoWindowsLeaveEveryFigureExact) {
  const std::vector<Named<World>> undone{operations[0], operations[1], operations[3], operations[4]};
  const std::vector<Named<World>> undoing{arrivals[0], arrivals[2], arrivals[7], arrivals[8], arrivals[10]};
  test::interruptTwiceEverywhere(preparations, undone, undoing);
}

}  // namespace memory_manager_interrupt
}  // namespace millpond
