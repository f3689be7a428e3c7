// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "millpond/MemoryManager.h"

namespace millpond {
namespace {

using Waiter = WaitQueue::Waiter;
constexpr std::uint64_t turn_us = Waiter::first_turn_us;

/// The general pool of `config` by itself, and waiters of one thread, so that nothing depends on time.
template <MemoryConfig config>
class PoolOf : public testing::Test {
 protected:
  static constexpr std::size_t granule = config.general_block_size;
  static constexpr std::size_t count = config.general_buffer_pool_size;

  void SetUp() override {
    Port::driveMicros(0);
    pool.setUp(general, setup.manager.guard, tables);
  }
  void TearDown() override {
    Port::driveTicks(0);
    EXPECT_TRUE(pool.waiting.empty());
    EXPECT_EQ(pool.takeAs(count * granule, Access::reserved), 0U) << "a granule is lost";
  }

  /// Granules taken one by one from the front on.
  void hold(std::size_t granules) {
    for (std::size_t index = 0; index < granules; ++index) ASSERT_EQ(pool.takeAs(1, Access::reserved), index);
  }
  void give(std::uint32_t first, std::uint32_t end) {
    for (; first != end; ++first) ASSERT_TRUE(pool.give(first));
  }
  /// Gives back what a newcomer or a waiter was served.
  void giveServed(std::uint32_t index) {
    ASSERT_NE(index, Pool::none);
    ASSERT_TRUE(pool.give(index));
  }
  static void passTo(Waiter& waiter, std::uint64_t now_us) {
    waiter.lookAtClock(now_us);
    waiter.beginTurn();
  }
  static bool wasWoken(Waiter& waiter) { return waiter.sleep(); }

  static constexpr ManagerSetupOf<adr_pools> setup{config};
  static constexpr PoolSetup general{config, rowOf(PoolId::general)};
  alignas(std::max_align_t) std::array<std::byte, config.arenaBytes()> memory{};
  std::array<Word, stateWords(config)> state{};
  std::array<Ledger::Entry, config.blocks()> entries{};
  MemoryTables tables{&pool, memory.data(), state.data(), entries.data(), nullptr, nullptr};
  PoolState pool;
};

using WaitQueueTest = PoolOf<MemoryConfig{.general_block_size = 64, .guards = Guards::none}>;

TEST_F(WaitQueueTest, ServesTheFirstThatCanBe) {
  hold(7);
  Waiter large(4 * granule, Access::ordinary, 0);
  Waiter small(granule, Access::ordinary, 0);
  Waiter last(granule, Access::ordinary, 0);
  for (Waiter* waiter : {&large, &small, &last}) pool.waiting.join(*waiter);
  pool.serveWaiting();
  EXPECT_EQ(large.served(), Pool::none);
  EXPECT_EQ(small.served(), 7U);
  EXPECT_EQ(last.served(), Pool::none);
  EXPECT_FALSE(wasWoken(large));
  EXPECT_TRUE(wasWoken(small));
  pool.giveUp(last);
  pool.giveUp(large);
  give(0, 8);
}

TEST_F(WaitQueueTest, ServesAllThatCanBeInTheirOrder) {
  hold(8);
  Waiter first(3 * granule, Access::ordinary, 0);
  Waiter second(2 * granule, Access::ordinary, 0);
  Waiter third(3 * granule, Access::ordinary, 0);
  for (Waiter* waiter : {&first, &second, &third}) pool.waiting.join(*waiter);
  give(0, 8);
  pool.serveWaiting();
  EXPECT_EQ(first.served(), 0U);
  EXPECT_EQ(second.served(), 3U);
  EXPECT_EQ(third.served(), 5U);
  for (const Waiter* waiter : {&first, &second, &third}) giveServed(waiter->served());
}

TEST_F(WaitQueueTest, InEverySecondTurnAWaiterLetsNobodyPassIt) {
  hold(8);
  Waiter large(8 * granule, Access::ordinary, 0);
  pool.waiting.join(large);
  for (const auto& [now, insists] : std::vector<std::pair<std::uint64_t, bool>>{{0, false},
                                                                                {turn_us - 1, false},
                                                                                {turn_us, true},
                                                                                {2 * turn_us - 1, true},
                                                                                {2 * turn_us, false},
                                                                                {4 * turn_us - 1, false},
                                                                                {4 * turn_us, true},
                                                                                {8 * turn_us - 1, true},
                                                                                {8 * turn_us, false}}) {
    give(0, 1);
    Waiter small(granule, Access::ordinary, 0);
    pool.waiting.join(small);
    passTo(large, now);
    pool.serveWaiting();
    EXPECT_EQ(small.served() == Pool::none, insists) << now;
    if (insists) {
      pool.giveUp(small);
      EXPECT_EQ(pool.takeAs(1, Access::reserved), 0U);
    }
  }
  pool.giveUp(large);
  give(0, 8);
}

TEST_F(WaitQueueTest, ATurnLastsAsLongAsAllBeforeIt) {
  Port::driveMicros(1000);
  Waiter waiter(8 * granule, Access::ordinary, 0);
  for (const auto& [now, insists] :
       std::vector<std::pair<std::uint64_t, bool>>{{0, false},
                                                   {1000, false},
                                                   {999 + turn_us, false},
                                                   {1000 + turn_us, true},
                                                   {999 + 2 * turn_us, true},
                                                   {1000 + 2 * turn_us, false},
                                                   {999 + 4 * turn_us, false},
                                                   {1000 + 4 * turn_us, true},
                                                   {1000 + 8 * turn_us, false}}) {
    passTo(waiter, now);
    EXPECT_EQ(waiter.insists(), insists) << now;
  }
}

TEST_F(WaitQueueTest, WhoSleptThroughSeveralTurnsGoesThroughThemOneAtALook) {
  Waiter waiter(8 * granule, Access::ordinary, 0);
  for (const bool insists : {true, false, true, true}) {
    passTo(waiter, 4 * turn_us);
    EXPECT_EQ(waiter.insists(), insists);
  }
}

TEST_F(WaitQueueTest, OneThatInsistsIsServedBeforeThoseBehindAndAfterThoseAhead) {
  hold(8);
  Waiter large(2 * granule, Access::ordinary, 0);
  Waiter small(granule, Access::ordinary, 0);
  Port::setTaskPriority(1);
  Waiter urgent(granule, Access::ordinary, 0);
  Port::setTaskPriority(0);
  for (Waiter* waiter : {&large, &small, &urgent}) pool.waiting.join(*waiter);
  give(0, 1);
  passTo(large, turn_us);
  pool.serveWaiting();
  EXPECT_EQ(urgent.served(), 0U);
  give(1, 2);
  pool.serveWaiting();
  EXPECT_EQ(small.served(), Pool::none) << "granule 1 is kept for the large one";
  give(2, 3);
  pool.serveWaiting();
  EXPECT_EQ(large.served(), 1U);
  give(3, 4);
  pool.serveWaiting();
  EXPECT_EQ(small.served(), 3U);
  for (const std::uint32_t index : {0U, 1U, 3U}) giveServed(index);
  give(4, 8);
}

TEST_F(WaitQueueTest, OrdinaryNewcomersStandBackForWhoNeedsASingleUnit) {
  hold(8);
  Waiter small(granule, Access::ordinary, 0);
  pool.waiting.join(small);
  pool.serveWaiting();
  give(0, 2);
  EXPECT_EQ(pool.takeAs(1, Access::ordinary), Pool::none);
  EXPECT_EQ(pool.takeAs(1, Access::reserved), 0U);
  pool.serveWaiting();
  EXPECT_EQ(small.served(), 1U);
  give(0, 8);
}

TEST_F(WaitQueueTest, OrdinaryNewcomersAreServedWithWhatIsOfNoUseToThoseWhoWait) {
  hold(6);
  Waiter large(3 * granule, Access::ordinary, 0);
  pool.waiting.join(large);
  pool.serveWaiting();
  const std::uint32_t newcomer = pool.takeAs(granule, Access::ordinary);
  EXPECT_EQ(newcomer, 6U);
  giveServed(newcomer);
  EXPECT_EQ(pool.takeAs(1, Access::ordinary), Pool::none)
      << "what was given back is for those who wait until they looked";
  pool.serveWaiting();
  EXPECT_EQ(pool.takeAs(1, Access::ordinary), 6U);
  passTo(large, turn_us);
  pool.serveWaiting();
  EXPECT_EQ(pool.takeAs(1, Access::ordinary), Pool::none) << "the waiter insists";
  passTo(large, 2 * turn_us);
  pool.serveWaiting();
  EXPECT_EQ(pool.takeAs(1, Access::ordinary), 7U);
  pool.giveUp(large);
  give(0, 8);
}

TEST_F(WaitQueueTest, NewcomersStandBackNoMoreOnceNobodyWaits) {
  hold(8);
  Waiter small(granule, Access::ordinary, 0);
  pool.waiting.join(small);
  pool.serveWaiting();
  pool.giveUp(small);
  give(0, 8);
  giveServed(pool.takeAs(granule, Access::ordinary));
}

TEST_F(WaitQueueTest, OnlyTheFirstIsWokenByAFreeAndTheNextWhenItGivesUp) {
  hold(8);
  Waiter first(granule, Access::ordinary, 0);
  Waiter second(granule, Access::ordinary, 0);
  for (Waiter* waiter : {&first, &second}) pool.waiting.join(*waiter);
  give(0, 1);
  EXPECT_TRUE(wasWoken(first));
  EXPECT_FALSE(wasWoken(second));
  pool.giveUp(first);
  EXPECT_TRUE(wasWoken(second)) << "what was meant for the first";
  pool.serveWaiting();
  EXPECT_EQ(second.served(), 0U);
  give(0, 8);
}

TEST_F(WaitQueueTest, WhoIsNotFirstAndGivesUpLeavesTheOthersInTheirOrder) {
  hold(8);
  std::array<Waiter, 6> waiters{Waiter(granule, Access::ordinary, 0), Waiter(granule, Access::ordinary, 0),
                                Waiter(granule, Access::ordinary, 0), Waiter(granule, Access::ordinary, 0),
                                Waiter(granule, Access::ordinary, 0), Waiter(granule, Access::ordinary, 0)};
  for (Waiter& waiter : waiters) pool.waiting.join(waiter);
  for (const std::size_t given_up : {2U, 1U, 5U}) {
    pool.giveUp(waiters[given_up]);
    EXPECT_TRUE(wasWoken(waiters[0]));
    EXPECT_EQ(pool.takeAs(1, Access::ordinary), Pool::none) << "others wait still";
  }
  std::uint32_t served = 0;
  for (const std::size_t next : {0U, 3U, 4U}) {
    give(served, served + 1);
    pool.serveWaiting();
    EXPECT_EQ(waiters[next].served(), served) << next;
    ++served;
  }
  for (const std::size_t given_up : {1U, 2U, 5U}) EXPECT_EQ(waiters[given_up].served(), Pool::none);
  give(0, 8);
}

using WaitQueueWithReserveTest =
    PoolOf<MemoryConfig{.general_block_size = 64, .guards = Guards::none, .general_reserve = 2}>;

TEST_F(WaitQueueWithReserveTest, WhoMayTakeTheReserveIsServedFirstAndTheOthersBeyondIt) {
  hold(6);
  Port::setTaskPriority(5);
  Waiter urgent(granule, Access::ordinary, 0);
  Port::setTaskPriority(0);
  Waiter privileged(granule, Access::reserved, 0);
  for (Waiter* waiter : {&urgent, &privileged}) pool.waiting.join(*waiter);
  pool.serveWaiting();
  EXPECT_EQ(privileged.served(), 6U);
  EXPECT_EQ(urgent.served(), Pool::none);
  give(0, 2);
  pool.serveWaiting();
  EXPECT_EQ(urgent.served(), 0U);
  giveServed(0);
  give(2, 7);
}

}  // namespace
}  // namespace millpond
