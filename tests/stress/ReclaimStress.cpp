// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "millpond.h"
#include "support/ManagerFixture.h"
#include "support/Scale.h"

namespace millpond {
namespace reclaim_stress {

constexpr MemoryConfig config{.audio_reserve = 1,
                              .audio_reclaimable = true,
                              .network_reclaimable = true,
                              .general_reclaimable = true,
                              .pressure_calm_ms = 0,
                              .reacquire_after_ms = 0};

/// Writes a mark into all of a block and finds it unharmed.
void use(std::span<std::byte> bytes, unsigned mark) {
  std::memset(bytes.data(), static_cast<int>(mark & 0xFFU), bytes.size());
  std::this_thread::yield();
  for (const std::byte byte : bytes) ASSERT_EQ(byte, static_cast<std::byte>(mark & 0xFFU));
}

TEST(ReclaimStress, WaitingSharingReclaimingAndFreeingFromFourThreads) {
  const auto rounds = static_cast<int>(test::scaled(3000));
  test::TestHeap heap;
  {
    StaticMemoryManager<config> memory(heap.heap());
    Pressure pressure(memory);
    std::atomic<int> working = 3;

    const auto worker = [&](unsigned seed) {
      std::mt19937 random(seed);
      for (int round = 0; round < rounds; ++round) {
        const unsigned mark = seed * 64 + static_cast<unsigned>(round) % 64;
        switch (random() % 4) {
          case 0: {  // wait
            void* block = memory.allocateNetworkBuffer(256, "waiter", 1);
            if (block != nullptr) use({static_cast<std::byte*>(block), 256}, mark);
            memory.deallocate(block);
            break;
          }
          case 1: {  // share
            SharedBuffer first = memory.audioBuffer(256, "sharer");
            if (!first) break;
            use(first.bytes(), mark);
            std::thread other([copy = first, mark] { ASSERT_EQ(copy.bytes()[0], std::byte(mark & 0xFFU)); });
            first.reset();
            other.join();
            break;
          }
          case 2: {  // hold a run
            const Buffer run = memory.generalBuffer(1 + random() % 2000, "runner");
            if (run) use(run.bytes(), mark);
            break;
          }
          default: {  // a bad free
            void* block = memory.allocateAudioBuffer(64, "twice");
            memory.deallocate(static_cast<std::byte*>(block) + (block != nullptr ? 4 : 0));
            memory.deallocate(block);
          }
        }
      }
      --working;
    };
    std::vector<std::thread> threads;
    for (unsigned seed = 1; seed <= 3; ++seed) threads.emplace_back(worker, seed);
    std::size_t released = 0;
    while (working != 0) {
      heap.setFree(released % 2 == 0 ? 10'000 : 1'000'000);  // critical, then plenty
      pressure.poll();
      pressure.poll();
      ++released;
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GT(pressure.releases(), 0U);
    EXPECT_GT(pressure.reacquires(), 0U);
    test::expectAllEmpty(memory);
    const MemoryStats stats = memory.stats();
    EXPECT_EQ(stats.guard_violations, 0U);
  }
  EXPECT_EQ(heap.outstanding(), 0U);
}

}  // namespace reclaim_stress
}  // namespace millpond
