// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

constexpr MemoryConfig reclaimable(std::size_t blocks, Guards guards) {
  return {.audio_buffer_pool_size = blocks,
          .network_buffer_pool_size = 1,
          .general_buffer_pool_size = 2,
          .max_heap_allocation = 0,
          .audio_block_size = 64,
          .network_block_size = 64,
          .general_block_size = 64,
          .max_heap_blocks = 1,
          .guards = guards,
          .audio_reclaimable = true,
          .general_reclaimable = true};
}

/// Blocks are taken and freed while their pool goes back to the heap and comes again.
template <MemoryConfig config>
void moveUnder(Threads& threads) {
  StaticMemoryManager<config> memory;
  for (int task = 0; task < 2; ++task) {
    threads.task([&] {
      for (int turn = 0; turn < 2; ++turn) {
        void* block = memory.allocateAudioBuffer(60, "task");
        if (block != nullptr) useAlone(block);
        memory.deallocate(block);
      }
      void* run = memory.allocateGeneralBuffer(100, "task");
      if (run != nullptr) useAlone(run);
      memory.deallocate(run);
    });
  }
  threads.task([&] {
    for (int turn = 0; turn < 2; ++turn) {
      memory.releaseIdlePools();
      memory.reacquirePools();
    }
  });
  threads.join();
  const MemoryStats stats = memory.stats();
  require(stats.audio.rejected + stats.general.rejected + stats.heap.rejected == 0,
          "the holder's free is refused");
  require(stats.guard_violations == 0, "a breach that there is not");
  require(memory.releaseIdlePools() != 0, "somebody still holds a block");
}

TEST(ReclaimOrder, MovesNoPoolUnderAHolder) { explore(moveUnder<reclaimable(2, Guards::none)>); }
TEST(ReclaimOrder, MovesNoGuardedPoolUnderAHolder) { explore(moveUnder<reclaimable(2, Guards::light)>); }
TEST(ReclaimOrder, MovesNoFullyGuardedPoolUnderAHolder) { explore(moveUnder<reclaimable(2, Guards::full)>); }
TEST(ReclaimOrder, MovesNoPoolOfManyUnderAHolder) { explore(moveUnder<reclaimable(33, Guards::none)>); }

TEST(ReclaimOrder, TellsABreachWithTheAddressThatTheBlockHad) {
  explore([](Threads& threads) {
    StaticMemoryManager<reclaimable(1, Guards::light)> memory;
    auto* const block = static_cast<std::byte*>(memory.allocateAudioBuffer(60, "sloppy"));
    block[60] ^= std::byte{1};
    const MemoryObserver observer{.notify =
                                      [](void* sloppy, const MemoryEvent& event) {
                                        const bool breach = event.kind == MemoryEvent::Kind::guard_violation;
                                        require(!breach || event.pointer == sloppy,
                                                "told with another address");
                                      },
                                  .context = block};
    memory.setObserver(&observer);
    threads.task([&] { memory.validate(4); });
    threads.task([&] {
      memory.deallocate(block);
      memory.releaseIdlePools();
    });
    threads.join();
    memory.setObserver(nullptr);
  });
}

TEST(ReclaimOrder, TakesAReleasedPoolAgainOnce) {
  explore([](Threads& threads) {
    StaticMemoryManager<reclaimable(2, Guards::none)> memory;
    require(memory.releaseIdlePools() != 0, "not released");
    Word bytes;
    for (int task = 0; task < 2; ++task) {
      threads.task([&] {
        const auto mine = static_cast<std::uint32_t>(memory.reacquirePools());
        bytes.update([mine](std::uint32_t seen) { return seen + mine; });
        void* block = memory.allocateAudioBuffer(64, "task");
        if (block != nullptr) useAlone(block);
        memory.deallocate(block);
      });
    }
    threads.join();
    require(bytes.load() == memory.releaseIdlePools(), "taken twice");
  });
}

TEST(ReclaimOrder, WaitsForNoReleasedPool) {
  explore([](Threads& threads) {
    StaticMemoryManager<reclaimable(1, Guards::none)> memory;
    void* held = memory.allocateAudioBuffer(64, "interrupt");
    threads.task([&] {
      void* block = memory.allocateAudioBuffer(64, "task", MemoryManager::wait_forever);
      if (block != nullptr) useAlone(block);
      memory.deallocate(block);
    });
    threads.interrupt([&] { memory.deallocate(held); });
    threads.task([&] { memory.releaseIdlePools(); });
    threads.join();
  });
}

}  // namespace
}  // namespace millpond::order
