// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

constexpr std::uint32_t forever = MemoryManager::wait_forever;

/// One block, two granules.
constexpr MemoryConfig blockOfEach(Guards guards) {
  return {.audio_buffer_pool_size = 1,
          .network_buffer_pool_size = 1,
          .general_buffer_pool_size = 2,
          .max_heap_allocation = 0,
          .audio_block_size = 64,
          .network_block_size = 64,
          .general_block_size = 64,
          .max_heap_blocks = 1,
          .guards = guards};
}

using Manager = StaticMemoryManager<blockOfEach(Guards::none)>;

void waitAndUse(Manager& memory, std::uint32_t timeout_ms) {
  void* block = memory.allocateAudioBuffer(64, "task", timeout_ms);
  if (block != nullptr) useAlone(block);
  memory.deallocate(block);
}

// Who waits for ever is woken by a free, or by nobody: the clock stands still.

TEST(WaitingOrder, WakesWhoWaitsForABlock) {
  explore([](Threads& threads) {
    Manager memory;
    for (int task = 0; task < 3; ++task) threads.task([&] { waitAndUse(memory, forever); });
    threads.join();
  });
}

TEST(WaitingOrder, WakesWhoWaitsForAnInterruptsFree) {
  explore([](Threads& threads) {
    Manager memory;
    void* held = memory.allocateAudioBuffer(64, "interrupt");
    threads.task([&] { waitAndUse(memory, forever); });
    threads.interrupt([&] { memory.deallocate(held); });
    threads.join();
  });
}

TEST(WaitingOrder, WakesTheNextWhereTheFirstGivesUp) {
  explore([](Threads& threads) {
    Manager memory;
    void* held = memory.allocateAudioBuffer(64, "interrupt");
    threads.impatientTask([&] { waitAndUse(memory, 1); });
    threads.task([&] { waitAndUse(memory, forever); });
    threads.interrupt([&] { memory.deallocate(held); });
    threads.join();
  });
}

TEST(WaitingOrder, ServesOrdinaryCallersAgainOnceNobodyWaits) {
  explore([](Threads& threads) {
    Manager memory;
    threads.impatientTask([&] { waitAndUse(memory, 1); });
    for (int task = 0; task < 2; ++task) threads.task([&] { waitAndUse(memory, forever); });
    threads.join();
    void* block = memory.allocateAudioBuffer(64, "later");
    require(block != nullptr, "still stands back for somebody");
    memory.deallocate(block);
  });
}

TEST(WaitingOrder, WakesWhoWaitsForARun) {
  explore([](Threads& threads) {
    Manager memory;
    for (std::size_t size : {std::size_t{128}, std::size_t{64}, std::size_t{64}}) {
      threads.task([&memory, size] {
        void* block = memory.allocateGeneralBuffer(size, "task", forever);
        useAlone(block);
        memory.deallocate(block);
      });
    }
    threads.join();
  });
}

/// More units than a word of the bitmap has.
constexpr MemoryConfig many{.audio_buffer_pool_size = 33,
                            .network_buffer_pool_size = 1,
                            .general_buffer_pool_size = 33,
                            .max_heap_allocation = 0,
                            .audio_block_size = 16,
                            .network_block_size = 16,
                            .general_block_size = 16,
                            .max_heap_blocks = 1,
                            .guards = Guards::none};

TEST(WaitingOrder, WakesWhoWaitsInAPoolOfMany) {
  explore(
      [](Threads& threads) {
        StaticMemoryManager<many> memory;
        void* block = nullptr;
        for (int held = 0; held < 33; ++held) block = memory.allocateAudioBuffer(16, "main");
        void* const run = memory.allocateGeneralBuffer(std::size_t{32} * 16, "main");
        threads.task([&] { useAlone(memory.allocateAudioBuffer(16, "task", forever)); });
        threads.task([&] { useAlone(memory.allocateGeneralBuffer(32, "task", forever)); });
        threads.interrupt([&] { memory.deallocate(block), memory.deallocate(run); });
        threads.join();
      },
      200);
}

TEST(WaitingOrder, WakesWhoWaitsWhileBlocksRest) {
  explore([](Threads& threads) {
    StaticMemoryManager<blockOfEach(Guards::full)> memory;
    for (int task = 0; task < 2; ++task) {
      threads.task([&] {
        void* block = memory.allocateAudioBuffer(60, "task", forever);
        useAlone(block);
        memory.deallocate(block);
      });
    }
    threads.interrupt([&] {
      void* block = memory.allocateAudioBuffer(60, "interrupt");
      if (block != nullptr) useAlone(block);
      memory.deallocate(block);
    });
    threads.join();
    require(memory.stats().guard_violations == 0, "a breach that there is not");
  });
}

TEST(WaitingOrder, ServesTheReservedCallerFirst) {
  explore([](Threads& threads) {
    Manager memory;
    Word turn;
    void* held = memory.allocateAudioBuffer(64, "main");
    const auto come = [&](Access access, std::uint32_t place) {
      void* block = memory.allocateAudioBuffer(64, "task", forever, access);
      require(turn.update([](std::uint32_t seen) { return seen + 1; }) == place, "out of turn");
      memory.deallocate(block);
    };
    threads.task([&] { come(Access::ordinary, 1); });
    threads.task([&] { come(Access::reserved, 0); });
    threads.settle();
    memory.deallocate(held);
    threads.join();
  });
}

}  // namespace
}  // namespace millpond::order
