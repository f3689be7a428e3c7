// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstddef>

#include "millpond.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

constexpr MemoryConfig one_block(Guards guards) {
  return {.audio_buffer_pool_size = 1,
          .network_buffer_pool_size = 1,
          .general_buffer_pool_size = 1,
          .max_heap_allocation = 0,
          .audio_block_size = 64,
          .network_block_size = 64,
          .general_block_size = 64,
          .max_heap_blocks = 1,
          .guards = guards};
}

/// Each owner writes its own part, by one handle or by two; the block's next owner writes to all of it.
template <MemoryConfig config, bool copied = true>
void shareAndPassOn(Threads& threads) {
  StaticMemoryManager<config> memory;
  SharedBuffer first = memory.audioBuffer(60, "shared");
  for (std::size_t owner = 0; owner < 2; ++owner) {
    threads.task([mine = first, owner]() mutable {
      mine.data()[owner] = std::byte{1};
      if (copied) {
        SharedBuffer copy = mine;
        mine.reset();
        copy.data()[owner] = std::byte{2};
        copy.reset();
      }
      mine.reset();
    });
  }
  first.data()[2] = std::byte{1};
  first.reset();
  threads.task([&] {
    void* const next = memory.allocateAudioBuffer(60, "next", MemoryManager::wait_forever);
    for (int byte = 0; byte < 60; ++byte) static_cast<std::byte*>(next)[byte] = std::byte{3};
    memory.deallocate(next);
  });
  threads.join();
  require(memory.stats().audio.frees == 2, "not freed with its last owner");
  require(memory.stats().guard_violations + memory.stats().audio.rejected == 0, "a sound free is refused");
}

TEST(SharedBufferOrder, IsFreedOnceWithAllThatItsOwnersDid) {
  explore(shareAndPassOn<one_block(Guards::none)>);
}
TEST(SharedBufferOrder, IsFreedAfterTheLastLookAtIt) {
  explore(shareAndPassOn<one_block(Guards::none), false>);
}
TEST(SharedBufferOrder, IsFreedOnceUnderGuards) { explore(shareAndPassOn<one_block(Guards::light)>); }
TEST(SharedBufferOrder, IsFreedOnceUnderFullGuards) { explore(shareAndPassOn<one_block(Guards::full)>); }

TEST(SharedBufferOrder, LastOwnerSeesWhatTheOthersWrote) {
  explore([](Threads& threads) {
    StaticMemoryManager<one_block(Guards::none)> memory;
    SharedBuffer first = memory.audioBuffer(60, "shared");
    Word gone;
    for (std::size_t owner = 0; owner < 2; ++owner) {
      threads.task([mine = first, owner, &gone]() mutable {
        mine.data()[owner] = std::byte{1};
        mine.reset();
        gone.update([](std::uint32_t seen) { return seen + 1; });
      });
    }
    threads.join();
    require(first.data()[0] == std::byte{1} && first.data()[1] == std::byte{1}, "not seen");
  });
}

/// Two free one block at once.
template <MemoryConfig config>
void freeTwice(Threads& threads) {
  StaticMemoryManager<config> memory;
  void* block = memory.allocateAudioBuffer(60, "twice");
  useAlone(block);
  for (int task = 0; task < 2; ++task) threads.task([&] { memory.deallocate(block); });
  threads.join();
  require(memory.stats().audio.rejected == 1 && memory.stats().audio.frees == 1,
          "freed twice, or not at all");
  require(memory.stats().guard_violations == 0, "a breach that there is not");
  void* next = memory.allocateAudioBuffer(60, "next");
  require(next != nullptr, "lost");
  memory.deallocate(next);
}

TEST(GuardOrder, FreesABlockOnce) { explore(freeTwice<one_block(Guards::none)>); }
TEST(GuardOrder, FreesABlockOnceUnderLightGuards) { explore(freeTwice<one_block(Guards::light)>); }
TEST(GuardOrder, FreesABlockOnceUnderFences) { explore(freeTwice<one_block(Guards::fenced)>); }
TEST(GuardOrder, FreesABlockOnceUnderFullGuards) { explore(freeTwice<one_block(Guards::full)>); }

constexpr MemoryConfig few_blocks(Guards guards) {
  MemoryConfig config = one_block(guards);
  config.audio_buffer_pool_size = 2;
  config.general_buffer_pool_size = 3;
  return config;
}

/// Blocks of all sizes are used. What `validate` reads of a block that changes hands is not modelled.
template <MemoryConfig config>
void useGuarded(Threads& threads) {
  StaticMemoryManager<config> memory;
  const auto use = [&memory](std::size_t size) {
    for (int turn = 0; turn < 2; ++turn) {
      void* block = memory.allocateAudioBuffer(size, "task");
      if (block != nullptr) useAlone(block);
      memory.deallocate(block);
      void* run = memory.allocateGeneralBuffer(size + 30, "task");
      if (run != nullptr) useAlone(run);
      memory.deallocate(run);
    }
  };
  threads.task([&] { use(8); });
  threads.task([&] { use(20); });
  threads.join();
  const MemoryStats stats = memory.stats();
  require(stats.guard_violations == 0, "a breach that there is not");
  require(stats.audio.rejected + stats.general.rejected == 0, "the holder's free is refused");
  require(stats.audio.in_use + stats.general.in_use == 0, "somebody still holds a block");
}

TEST(GuardOrder, FindsNoBreachWhereThereIsNone) { explore(useGuarded<few_blocks(Guards::light)>); }
TEST(GuardOrder, FindsNoBreachOfAFence) { explore(useGuarded<few_blocks(Guards::fenced)>); }
TEST(GuardOrder, FindsNoBreachInTheQuarantine) { explore(useGuarded<few_blocks(Guards::full)>); }

}  // namespace
}  // namespace millpond::order
