// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <string>

#include "interrupt/Arrivals.h"
#include "millpond.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace leak_watch_interrupt {

constexpr std::uint64_t a_minute = 60'000;

/// A block of each pool, and of the heap, that lived long ago; and a watch over all of them.
template <Guards guards, bool reclaimable>
class World {
 public:
  World() {
    Port::driveTicks(10);
    bus.subscribe(
        LeakSuspected::event, [](void* self, const Event&) { ++static_cast<World*>(self)->suspected_; },
        EventPriority::normal, this);
    watch.setAge(a_minute);
    take("boot", 64);
    giveBack();
    Port::driveTicks(1'000'000);
  }
  ~World() { Port::driveTicks(0); }

  void take(const char* source, std::size_t size) {
    audio_ = memory.allocateAudioBuffer(size, source);
    general_ = memory.allocateGeneralBuffer(size, source);
    fallen_ = memory.allocateNetworkBuffer(400 + size, source);
  }
  void holdForLong() {
    Port::driveTicks(20);
    take("splash", 64);
    Port::driveTicks(1'000'000);
  }
  void changeHands() {
    giveBack();
    take("capture", 10);
  }
  void listAfterALongTime() {
    for (const LiveBlock& block : memory.leaks()) {
      if (block.source == std::string("event bus")) continue;
      const bool old = block.source == std::string("splash");
      EXPECT_EQ(block.age_ms > a_minute, old) << block.source;
      EXPECT_EQ(block.size % 100, old ? 64U : 10U) << block.source;
    }
  }
  void giveBack() {
    for (void* block : {audio_, general_, fallen_}) memory.deallocate(block);
  }
  void look() { watch.poll(); }
  void list() {
    for (const LiveBlock& block : memory.leaks(a_minute)) {
      if (block.source != std::string("event bus")) ADD_FAILURE() << block.source << ' ' << block.age_ms;
    }
    for (const LiveBlock& block : memory.leaks()) EXPECT_NE(block.size, 0U);
  }
  void sample() {}
  void expectConsistent() {
    look();
    bus.processEvents(100);
    EXPECT_EQ(suspected_, 0U) << "no block lived longer than an instant";
    giveBack();
  }

 private:
  static constexpr MemoryConfig config{.audio_buffer_pool_size = 2,
                                       .network_buffer_pool_size = 2,
                                       .general_buffer_pool_size = 6,
                                       .audio_block_size = 64,
                                       .network_block_size = 64,
                                       .max_heap_blocks = 2,
                                       .guards = guards,
                                       .audio_reclaimable = reclaimable,
                                       .general_reclaimable = reclaimable};

 public:
  StaticMemoryManager<config> memory;

 private:
  EventBus bus{memory, {.capacity = EventBus::max_capacity}};
  StaticLeakWatch<config> watch{memory, &bus};
  void* audio_ = nullptr;
  void* general_ = nullptr;
  void* fallen_ = nullptr;
  unsigned suspected_ = 0;
};

template <class World>
void lookInEveryWindow(void (World::*look)()) {
  using Step = test::Named<World>;
  const std::vector<Step> nothing{{"nothing held", [](World&) {}}};
  const std::vector<Step> taking{{"blocks are taken and given back", [](World& world) {
                                    world.take("capture", 10);
                                    world.giveBack();
                                    world.take("capture", 10);
                                  }}};
  const std::vector<Step> looking{{"a look", [look](World& world) { (world.*look)(); }}};
  EXPECT_GE(test::interruptEverywhere<World>(nothing, taking, looking), 30U);
}

template <class World>
class LeakWatchInterrupt : public testing::Test {};
using Watched =
    testing::Types<World<Guards::none, false>, World<Guards::light, false>, World<Guards::full, false>,
                   World<Guards::none, true>, World<Guards::light, true>>;
TYPED_TEST_SUITE(LeakWatchInterrupt, Watched);

TYPED_TEST(LeakWatchInterrupt, ALookInsideAnAllocationAccusesNobody) {
  lookInEveryWindow<TypeParam>(&TypeParam::look);
}

TYPED_TEST(LeakWatchInterrupt, ABlockThatChangesHandsIsListedAsOneHolders) {
  using World = TypeParam;
  using Step = test::Named<World>;
  const std::vector<Step> held{{"held for long", [](World& world) { world.holdForLong(); }}};
  const std::vector<Step> listing{{"blocks are listed", [](World& world) { world.listAfterALongTime(); }}};
  const std::vector<Step> change{{"each changes hands", [](World& world) { world.changeHands(); }}};
  EXPECT_GE(test::interruptEverywhere<World>(held, listing, change), 50U);
}

/// A source whose blocks live for an instant, and a watch that learnt that, a day ago.
class ShortLives {
 public:
  ShortLives() {
    Port::driveTicks(now_);
    for (int life = 0; life < 10; ++life) {
      void* block = memory.allocateAudioBuffer(10, "capture");
      look();
      memory.deallocate(block);
      look();
    }
    now_ += 1'000'000;
    look();
  }
  ~ShortLives() { Port::driveTicks(0); }

  void take() { block_ = memory.allocateAudioBuffer(10, "capture"); }
  void look() {
    Port::driveTicks(++now_);
    watch.poll();
  }
  void list() const {
    for (const LiveBlock& block : memory.leaks()) EXPECT_NE(block.size, 0U) << "of a block nobody ever held";
  }
  void sample() {}
  void expectConsistent() {
    look();
    memory.deallocate(block_);
    look();
    EXPECT_LE(watch.usualAge("capture"), 1000U) << "no block lived longer than an instant";
  }

 private:
  static constexpr MemoryConfig config{.guards = Guards::none};
  std::uint32_t now_ = 1'000'000;

 public:
  StaticMemoryManager<config> memory;

 private:
  StaticLeakWatch<config> watch{memory};
  void* block_ = nullptr;
};

TEST(LeakWatchShortLives, LearnsNoLifeFromTwoHoldersOfAPoolWithoutGuards) {
  const std::vector<test::Named<ShortLives>> nothing{{"a day later", [](ShortLives&) {}}};
  const std::vector<test::Named<ShortLives>> taking{
      {"a block is taken", [](ShortLives& lives) { lives.take(); }}};
  const std::vector<test::Named<ShortLives>> looking{{"a look", [](ShortLives& lives) { lives.look(); }}};
  EXPECT_GE(test::interruptEverywhere(nothing, taking, looking), 5U);
}

TEST(LeakWatchShortLives, NobodyIsShownForABlockThatWasNeverHeld) {
  const std::vector<test::Named<ShortLives>> others{{"of the other pools", [](ShortLives&) {}}};
  const std::vector<test::Named<ShortLives>> taking{
      {"a first block is taken",
       [](ShortLives& lives) { lives.memory.deallocate(lives.memory.allocateNetworkBuffer(10, "uplink")); }}};
  const std::vector<test::Named<ShortLives>> listing{{"a list", [](ShortLives& lives) { lives.list(); }}};
  EXPECT_GE(test::interruptEverywhere(others, taking, listing), 5U);
}

template <class World>
class LiveBlocksInterrupt : public testing::Test {};
using Guarded =
    testing::Types<World<Guards::light, false>, World<Guards::full, false>, World<Guards::light, true>>;
TYPED_TEST_SUITE(LiveBlocksInterrupt, Guarded);

TYPED_TEST(LiveBlocksInterrupt, ABlockIsNeverListedWithItsLastHoldersAge) {
  lookInEveryWindow<TypeParam>(&TypeParam::list);
}

}  // namespace leak_watch_interrupt
}  // namespace millpond
