// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "millpond.h"
#include "stress/Threads.h"
#include "support/ManagerFixture.h"
#include "support/RequestGenerator.h"
#include "support/Scale.h"

namespace millpond {
namespace memory_manager_stress {

constexpr MemoryConfig busy{.audio_buffer_pool_size = 6,
                            .network_buffer_pool_size = 40,
                            .general_buffer_pool_size = 24,
                            .max_heap_allocation = 4000,
                            .audio_block_size = 256,
                            .network_block_size = 144,
                            .general_block_size = 32,
                            .max_heap_blocks = 5};
constexpr unsigned threads = 4;

/// What one thread asked for and got.
struct Account {
  std::uint64_t served = 0;
  std::uint64_t refused = 0;
  std::uint64_t invalid = 0;
  std::uint64_t freed = 0;
  std::uint64_t rejected = 0;
};

class MemoryManagerStress : public test::ManagerOf<busy> {
 protected:
  void* allocate(const test::Request& request) {
    if (request.pool == PoolId::audio) return memory.allocateAudioBuffer(request.size, request.source);
    if (request.pool == PoolId::network) return memory.allocateNetworkBuffer(request.size, request.source);
    return memory.allocateGeneralBuffer(request.size, request.source);
  }

  void expectAccountsAgree(const std::array<Account, threads>& accounts) {
    Account sum;
    for (const Account& account : accounts) {
      sum.served += account.served;
      sum.refused += account.refused;
      sum.invalid += account.invalid;
      sum.freed += account.freed;
      sum.rejected += account.rejected;
    }
    const MemoryStats stats = memory.stats();
    Account told{.refused = stats.heap.exhausted, .invalid = stats.invalid_requests};
    for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) {
      told.served += pool.allocations;
      told.freed += pool.frees;
      told.rejected += pool.rejected;
      EXPECT_LE(pool.peak, pool.capacity) << pool.name;
    }
    EXPECT_EQ(told.served, sum.served);
    EXPECT_EQ(told.refused, sum.refused);
    EXPECT_EQ(told.invalid, sum.invalid);
    EXPECT_EQ(told.freed, sum.freed);
    EXPECT_EQ(told.rejected, sum.rejected);
    EXPECT_EQ(stats.audio.fallbacks + stats.network.fallbacks + stats.general.fallbacks,
              stats.heap.allocations);
  }
};

TEST_F(MemoryManagerStress, EveryFigureIsExactOnceTheThreadsAreQuiet) {
  std::array<Account, threads> accounts;
  test::onThreads(threads, [&](unsigned id) {
    test::RequestGenerator requests(busy, id);
    Account& account = accounts[id];
    std::vector<test::Parcel> held;
    const auto release = [&] {
      const test::Parcel parcel = held.back();
      held.pop_back();
      parcel.expectSealed();
      memory.deallocate(parcel.block);
      ++account.freed;
    };
    const auto freeBadly = [&](const void* pointer) {
      memory.deallocate(const_cast<void*>(pointer));
      ++account.rejected;
    };
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      const test::Request request = requests.next();
      if (request.action == test::Action::allocate) {
        void* block = allocate(request);
        if (block == nullptr) {
          ++(request.size == 0 ? account.invalid : account.refused);
          continue;
        }
        ++account.served;
        held.push_back({block, request.size, static_cast<std::uint32_t>(id * 60 + step % 60)});
        held.back().seal();
      } else if (request.action == test::Action::free_outside) {
        freeBadly(&account);
      } else if (!held.empty()) {
        std::swap(held[request.pick % held.size()], held.back());
        if (request.action != test::Action::free_held) {
          freeBadly(static_cast<std::byte*>(held.back().block) + 1 + request.pick % 15);
        }
        release();
      }
      if (step % 4096 == 0) static_cast<void>(memory.stats());
    }
    while (!held.empty()) release();
  });
  expectAccountsAgree(accounts);
}

// Runs of all lengths from the same granules, so that one's slack is another's data.
TEST_F(MemoryManagerStress, ValidationFindsNothingWrongInBlocksThatChangeHands) {
  std::atomic<int> working{threads - 1};
  test::onThreads(threads, [&](unsigned id) {
    if (id == 0) {
      while (working != 0) EXPECT_EQ(memory.validate(8), 0U);
      return;
    }
    test::RequestGenerator requests(busy, id);
    for (std::size_t step = 0; step < test::scaled(200'000); ++step) {
      const test::Request request = requests.next();
      void* block = allocate({.pool = PoolId::general, .size = request.size % 200 + 1, .source = "taker"});
      if (block == nullptr) continue;
      std::memset(block, static_cast<int>(id), request.size % 200 + 1);
      memory.deallocate(block);
    }
    --working;
  });
  EXPECT_EQ(memory.stats().guard_violations, 0U);
}

// A streamer's pattern: one thread captures into audio blocks, the other frees them.
TEST_F(MemoryManagerStress, OwningHandlesPassFromThreadToThread) {
  constexpr std::size_t slots = 8;
  struct Slot {
    Buffer buffer;
    std::uint32_t tag = 0;
    std::atomic<bool> full{false};
  };
  std::array<Slot, slots> ring;
  const std::size_t chunks = test::scaled(60'000);
  std::uint64_t lost = 0;
  test::onThreads(2, [&](unsigned id) {
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
      Slot& slot = ring[chunk % slots];
      while (slot.full.load(std::memory_order_acquire) == (id == 0)) std::this_thread::yield();
      if (id == 0) {
        slot.buffer = memory.audioBuffer(200, "capture");
        slot.tag = static_cast<std::uint32_t>(chunk % 251);
        if (slot.buffer) {
          test::fill(slot.buffer.bytes(), slot.tag);
        } else {
          ++lost;
        }
        slot.full.store(true, std::memory_order_release);
      } else {
        const Buffer mine = std::move(slot.buffer);
        ASSERT_TRUE(test::isIntact(mine.bytes(), slot.tag));
        slot.full.store(false, std::memory_order_release);
      }
    }
  });
  const MemoryStats stats = memory.stats();
  EXPECT_EQ(stats.audio.allocations + stats.heap.allocations + lost, chunks);
}

// ThreadSanitizer is the judge: the observer is a new one each time, and told by another thread.
TEST_F(MemoryManagerStress, AnObserverComesAndGoesWhileOthersCallTheManager) {
  const std::size_t rounds = test::scaled(2000);
  std::atomic<bool> over{false};
  std::uint64_t told = 0;  // by the second thread only
  std::vector<MemoryObserver> observers(rounds);
  test::onThreads(2, [&](unsigned id) {
    for (std::size_t round = 0; id == 0 && round < rounds; ++round) {
      observers[round] = {[](void* context, const MemoryEvent&) { ++*static_cast<std::uint64_t*>(context); },
                          &told};
      ASSERT_TRUE(memory.setObserver(&observers[round]));
      std::this_thread::yield();
      ASSERT_TRUE(memory.setObserver(nullptr));
    }
    if (id == 0) over = true;
    while (id == 1 && !over) memory.deallocate(&over);
  });
  EXPECT_LE(told, memory.stats().heap.rejected);
}

}  // namespace memory_manager_stress
}  // namespace millpond
