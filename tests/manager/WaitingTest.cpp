// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <atomic>
#include <chrono>
#include <thread>

#include "millpond/port/TaskLock.h"
#include "support/Eventually.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using namespace std::chrono_literals;

/// Waits until as many threads as `started` counts are almost asleep.
void untilAsleep(const std::atomic<int>& started, int threads) {
  while (started != threads) std::this_thread::yield();
  std::this_thread::sleep_for(30ms);
}

class WaitingTest
    : public test::ManagerOf<MemoryConfig{.network_buffer_pool_size = 1, .max_heap_allocation = 0}> {
 protected:
  static std::uint64_t now() { return Port::micros(); }
  void* wait(std::uint32_t timeout_ms) { return memory.allocateNetworkBuffer(100, "waiter", timeout_ms); }
};

TEST_F(WaitingTest, ATimeOutOfZeroDoesNotWait) {
  const Buffer held = memory.networkBuffer(100, "holder");
  const std::uint64_t start = now();
  EXPECT_EQ(wait(0), nullptr);
  EXPECT_LT(now() - start, 1'000'000U);
}

TEST_F(WaitingTest, GivesUpNoSoonerThanTheTimeOut) {
  const Buffer held = memory.networkBuffer(100, "holder");
  const std::uint64_t start = now();
  EXPECT_EQ(wait(50), nullptr);
  EXPECT_GE(now() - start, 50'000U);
  EXPECT_EQ(memory.stats().network.exhausted, 1U);
}

TEST_F(WaitingTest, GetsTheBlockThatIsGivenBack) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::atomic<int> started = 0;
  std::thread waiter([&] {
    ++started;
    void* block = wait(MemoryManager::wait_forever);
    EXPECT_NE(block, nullptr);
    memory.deallocate(block);
  });
  untilAsleep(started, 1);
  held.reset();
  waiter.join();
}

TEST_F(WaitingTest, IsCountedWhileItWaits) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::thread waiter([&] { memory.deallocate(wait(MemoryManager::wait_forever)); });
  EXPECT_TRUE(test::eventually([&] { return memory.waitingFor(PoolId::network) == 1; }));
  EXPECT_EQ(memory.stats().network.waiting, 1U);
  EXPECT_EQ(memory.waitingFor(PoolId::audio), 0U);
  held.reset();
  waiter.join();
  EXPECT_EQ(memory.waitingFor(PoolId::network), 0U);
  EXPECT_EQ(memory.stats().network.waiting, 0U);
}

TEST_F(WaitingTest, TheMostUrgentIsServedFirstAndEqualsInTheirOrder) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::vector<int> order;
  std::vector<std::thread> waiters;
  std::atomic<int> started = 0;
  int joined = 0;
  for (const std::uint32_t priority : {1U, 1U, 5U, 3U, 5U}) {
    waiters.emplace_back([this, &order, &started, priority, number = joined] {
      Port::setTaskPriority(priority);
      ++started;
      void* block = wait(MemoryManager::wait_forever);
      order.push_back(number);  // the block is the lock
      memory.deallocate(block);
    });
    untilAsleep(started, ++joined);
  }
  held.reset();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(order, (std::vector{2, 4, 3, 0, 1}));
}

TEST_F(WaitingTest, WhoDoesNotWaitDoesNotOvertake) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::atomic<int> started = 0;
  std::atomic<void*> got = nullptr;
  std::thread waiter([&] {
    ++started;
    got = wait(MemoryManager::wait_forever);
  });
  untilAsleep(started, 1);
  // Under the mask the waiter is woken but cannot leave the queue: the free block is its own.
  {
    const Port::Critical mask;
    held.reset();
    EXPECT_FALSE(memory.networkBuffer(100, "newcomer"));
  }
  waiter.join();
  EXPECT_NE(got.load(), nullptr);
  memory.deallocate(got);
  EXPECT_TRUE(memory.networkBuffer(100, "newcomer")) << "nobody waits any more";
}

TEST_F(WaitingTest, AnInterruptGoesBeforeWhoWaits) {
  Buffer blocks = memory.networkBuffer(100, "holder");
  Buffer granules = memory.generalBuffer(8 * 512, "holder");
  std::atomic<int> started = 0;
  std::atomic<void*> got[2] = {};
  std::thread waiters[2] = {std::thread([&] {
                              ++started;
                              got[0] = wait(MemoryManager::wait_forever);
                            }),
                            std::thread([&] {
                              ++started;
                              got[1] = memory.allocateGeneralBuffer(1, "waiter", MemoryManager::wait_forever);
                            })};
  untilAsleep(started, 2);
  {
    const port::TaskLock lock(memory.core().tasks_);  // the waiters are woken but cannot look
    const Port::InterruptScope interrupt;
    blocks.reset();
    granules.reset();
    for (void* block :
         {memory.allocateNetworkBuffer(100, "interrupt"), memory.allocateGeneralBuffer(1, "i")}) {
      EXPECT_NE(block, nullptr);
      memory.deallocate(block);
    }
  }
  for (std::thread& waiter : waiters) waiter.join();
  for (const auto& block : got) memory.deallocate(block);
}

TEST_F(WaitingTest, WhoIsNotFirstAndGivesUpHoldsNobodyUp) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::vector<int> order;
  std::vector<std::thread> waiters;
  std::atomic<int> started = 0;
  std::atomic<int> gave_up = 0;
  int joined = 0;
  for (const std::uint32_t timeout_ms :
       {MemoryManager::wait_forever, 40U, 30U, MemoryManager::wait_forever}) {
    waiters.emplace_back([&, timeout_ms, number = joined] {
      ++started;
      void* block = wait(timeout_ms);
      if (block == nullptr) {
        ++gave_up;
        return;
      }
      order.push_back(number);  // the block is the lock
      memory.deallocate(block);
    });
    untilAsleep(started, ++joined);
  }
  while (gave_up != 2) std::this_thread::yield();
  held.reset();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(order, (std::vector{0, 3}));
}

// Who frees has seen the first waiter and wakes another, whose place on its stack it must see as it was made.
TEST_F(WaitingTest, WakesOneThatCameFirstWhileTheBlockWasGivenBack) {
  Buffer held = memory.networkBuffer(100, "holder");
  std::atomic<int> started = 0;
  const auto waitAs = [&](std::uint32_t priority) {
    Port::setTaskPriority(priority);
    ++started;
    void* block = wait(MemoryManager::wait_forever);
    EXPECT_NE(block, nullptr);
    memory.deallocate(block);
  };
  std::thread early(waitAs, 1U);
  untilAsleep(started, 1);
  std::thread freeing;
  std::thread urgent;
  void* again = nullptr;
  {
    const Port::Critical mask;
    freeing = std::thread([&] {
      ++started;
      held.reset();
    });
    untilAsleep(started, 2);
    again = memory.allocateNetworkBuffer(100, "again", 0, Access::reserved);
    urgent = std::thread(waitAs, 5U);
    untilAsleep(started, 3);
  }
  memory.deallocate(again);
  for (std::thread* thread : {&early, &freeing, &urgent}) thread->join();
}

TEST_F(WaitingTest, AnInterruptDoesNotWait) {
  const Buffer held = memory.networkBuffer(100, "holder");
  const Port::InterruptScope interrupt;
  EXPECT_EQ(wait(MemoryManager::wait_forever), nullptr);
}

TEST_F(WaitingTest, WhatNoBlockCanHoldIsNotWaitedFor) {
  const Buffer held = memory.networkBuffer(100, "holder");
  EXPECT_EQ(memory.allocateNetworkBuffer(20481, "huge", MemoryManager::wait_forever), nullptr);
}

TEST_F(WaitingTest, NoWakeUpIsLostAmongMany) {
  constexpr int threads = 4;
  constexpr int rounds = 500;
  std::atomic<int> served = 0;
  std::vector<std::thread> all;
  for (int thread = 0; thread < threads; ++thread) {
    all.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        void* block = wait(MemoryManager::wait_forever);
        ++served;
        memory.deallocate(block);
      }
    });
  }
  for (std::thread& thread : all) thread.join();
  EXPECT_EQ(served, threads * rounds);
}

class RunWaitTest : public test::ManagerOf<MemoryConfig{.max_heap_allocation = 0}> {
 protected:
  static constexpr std::size_t all = 8 * 512;

  /// Holds all granules, each by itself, while a task waits for all of them; its time stands still.
  void SetUp() override {
    Port::driveMicros(start_us);
    for (Buffer& granule : held) granule = memory.generalBuffer(1, "holder");
    large = std::thread([this] {
      ++started;
      void* block = memory.allocateGeneralBuffer(all, "large", MemoryManager::wait_forever);
      EXPECT_NE(block, nullptr);
      memory.deallocate(block);
    });
    untilAsleep(started, 1);
  }
  void TearDown() override {
    for (Buffer& granule : held) granule.reset();
    large.join();
    ManagerOf::TearDown();
  }
  static constexpr std::uint64_t start_us = 1'000'000;
  std::array<Buffer, 8> held;
  std::atomic<int> started = 0;
  std::thread large;
};

TEST_F(RunWaitTest, ASmallRequestBehindALargeOneIsServed) {
  std::thread small([this] {
    ++started;
    void* block = memory.allocateGeneralBuffer(1, "small", MemoryManager::wait_forever);
    EXPECT_NE(block, nullptr);
    memory.deallocate(block);
  });
  untilAsleep(started, 2);
  held[3].reset();
  small.join();
}

TEST_F(RunWaitTest, ANewcomerIsServedWithWhatIsOfNoUseToTheLargeOne) {
  held[3].reset();
  Buffer newcomer;
  // Until the large one has looked, what was given back may be for it.
  for (int look = 0; look < 5000 && !newcomer; ++look) {
    std::this_thread::sleep_for(1ms);
    newcomer = memory.generalBuffer(1, "newcomer");
  }
  EXPECT_TRUE(newcomer);
}

TEST_F(RunWaitTest, NobodyPassesALargeOneThatInsists) {
  Port::driveMicros(start_us + WaitQueue::Waiter::first_turn_us);
  held[3].reset();
  std::this_thread::sleep_for(10ms);  // it may look meanwhile, or not
  EXPECT_FALSE(memory.generalBuffer(1, "newcomer"));
  EXPECT_EQ(memory.allocateGeneralBuffer(1, "waits", 1), nullptr);
}

constexpr MemoryConfig with_reserve{
    .network_buffer_pool_size = 2, .max_heap_allocation = 0, .network_reserve = 1};
using ReservedWaitTest = test::ManagerOf<with_reserve>;

// It may take the block that the more urgent one may not.
TEST_F(ReservedWaitTest, WhoMayTakeTheReserveIsServedBeforeAMoreUrgentTask) {
  Buffer first = memory.networkBuffer(100, "holder");
  void* second = memory.allocateNetworkBuffer(100, "holder", 0, Access::reserved);
  std::atomic<int> started = 0;
  const auto waitAs = [&](std::uint32_t priority, std::uint32_t timeout_ms, Access access) {
    Port::setTaskPriority(priority);
    ++started;
    void* block = memory.allocateNetworkBuffer(100, "waiter", timeout_ms, access);
    EXPECT_NE(block, nullptr);
    memory.deallocate(block);
  };
  std::thread urgent(waitAs, 5U, MemoryManager::wait_forever, Access::ordinary);
  untilAsleep(started, 1);
  std::thread privileged(waitAs, 0U, 5000U, Access::reserved);
  untilAsleep(started, 2);
  memory.deallocate(second);
  privileged.join();
  first.reset();
  urgent.join();
}

}  // namespace
}  // namespace millpond
