// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "interrupt/Arrivals.h"
#include "millpond/account/HeapFallback.h"
#include "support/TestHeap.h"

namespace millpond {
namespace heap_fallback_interrupt {

using test::Named;

/// A fallback to a heap that can be interrupted as well, and what its callers hold.
class World {
 public:
  static constexpr std::uint32_t records = 3;
  static constexpr std::uint32_t limit = 1000;

  World() { heap.setOnCall(test::AtomicSteps::beforeLoadOrStore); }

  void allocate(std::size_t size) {
    if (freed_twice_) return;  // the first free of an address that is somebody else's by now cannot be told
    void* block = fallback.allocate(size, "source");
    if (block == nullptr) {
      ++refused_;
      return;
    }
    EXPECT_FALSE(Port::inInterrupt());
    held_[block] += size;
    outstanding_ += size;
    sample();
  }

  void deallocate(void* block) {
    const auto it = held_.find(block);
    const bool expected = it != held_.end();
    const std::size_t size = it == held_.end() ? 0 : it->second;
    const bool freed = fallback.deallocate(block);
    EXPECT_EQ(freed, expected);
    if (!freed) return;
    held_.erase(block);
    outstanding_ -= size;
  }

  void deallocateInterrupted(void* block) {
    const std::size_t size = held_.at(block);
    freeing_ = block;
    // Who gets the same address from the heap in the meantime holds another block.
    held_.erase(block);
    const bool freed = fallback.deallocate(block);
    freeing_ = nullptr;
    EXPECT_EQ(freed, !freed_twice_) << "of two frees of a block exactly one counts";
    outstanding_ -= size;
  }
  void freeTheSame() {
    if (freeing_ == nullptr || held_.contains(freeing_)) return;
    const bool freed = fallback.deallocate(freeing_);
    if (freed) freed_twice_ = true;
  }

  void* anyHeld() const { return held_.empty() ? nullptr : held_.begin()->first; }

  void sample() {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    ASSERT_LE(fallback.inUse(), limit) << "over the limit";
    most_reserved_ = std::max<std::size_t>(most_reserved_, fallback.inUse());
  }

  void expectConsistent() {
    fallback.releaseFreed();
    ASSERT_EQ(fallback.inUse(), outstanding_);
    ASSERT_EQ(fallback.blocks(), held_.size());
    ASSERT_EQ(fallback.refused(), refused_);
    ASSERT_EQ(heap.outstanding(), held_.size());
    ASSERT_GE(fallback.peak(), outstanding_);
    ASSERT_LE(fallback.peak(), most_reserved_);
    while (anyHeld() != nullptr) {
      void* block = anyHeld();
      ASSERT_TRUE(fallback.deallocate(block));
      held_.erase(block);
    }
    ASSERT_EQ(fallback.inUse(), 0U);
    ASSERT_EQ(fallback.blocks(), 0U);
    heap.setEmpty(false);
    void* whole = fallback.allocate(limit, "source");
    ASSERT_NE(whole, nullptr) << "bytes were lost";
    ASSERT_TRUE(fallback.deallocate(whole));
  }

  test::TestHeap heap;
  std::array<HeapFallback::Record, records> table;
  static constexpr HeapFallback::Setup setup{records, limit, 8};
  HeapFallback fallback{heap.heap(), setup, table.data()};

 private:
  std::map<void*, std::size_t> held_;
  std::size_t outstanding_ = 0;
  std::size_t refused_ = 0;
  std::size_t most_reserved_ = 0;
  void* freeing_ = nullptr;
  bool freed_twice_ = false;
};

const std::vector<Named<World>> preparations{{"empty", [](World&) {}},
                                             {"one record left",
                                              [](World& world) {
                                                world.allocate(100);
                                                world.allocate(200);
                                              }},
                                             {"no record left",
                                              [](World& world) {
                                                for (int block = 0; block < 3; ++block) world.allocate(10);
                                              }},
                                             {"no byte left",
                                              [](World& world) {
                                                world.allocate(900);
                                                world.allocate(100);
                                              }},
                                             {"the heap is out of memory", [](World& world) {
                                                world.allocate(300);
                                                world.heap.setEmpty(true);
                                              }}};

const std::vector<Named<World>> operations{{"allocate", [](World& world) { world.allocate(400); }},
                                           {"deallocate", [](World& world) {
                                              if (world.anyHeld() != nullptr) {
                                                world.deallocateInterrupted(world.anyHeld());
                                              }
                                            }}};

void deallocateAny(World& world) {
  if (world.anyHeld() != nullptr) world.deallocate(world.anyHeld());
}

const std::vector<Named<World>> arrivals{
    {"a task allocates", [](World& world) { world.allocate(400); }},
    {"a task allocates all", [](World& world) { world.allocate(World::limit); }},
    {"a task frees", deallocateAny},
    {"a task frees the same", [](World& world) { world.freeTheSame(); }},
    {"a task frees what is free", [](World& world) { world.deallocate(&world); }},
    {"a task allocates and frees",
     [](World& world) {
       world.allocate(1);
       deallocateAny(world);
     }},
    {"the heap runs out", [](World& world) { world.heap.setEmpty(true); }},
    {"an interrupt allocates",
     [](World& world) {
       const Port::InterruptScope in_interrupt;
       world.allocate(1);
     }},
    {"an interrupt frees", [](World& world) {
       const Port::InterruptScope in_interrupt;
       deallocateAny(world);
       world.freeTheSame();
     }}};

/// A block that is freed twice; the heap gives what is asked for next another address.
class Twice {
 public:
  void freeAndTakeAnother() {
    if (another_ != nullptr) return;
    kept_ = world.heap.heap().allocate(world.heap.heap().context, 64, 8);  // so that no address comes again
    if (!world.fallback.deallocate(block_)) return;                        // the other one was the first
    another_ = world.fallback.allocate(64, "another holder");
  }
  void freeAgain() { freed_again_ = world.fallback.deallocate(block_); }
  void sample() const {
    // What a task frees is its own to give back: no mark says that it is left to the next.
    for (const HeapFallback::Record& record : world.table) {
      const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
      const auto address = reinterpret_cast<std::uintptr_t>(record.address.load());
      EXPECT_TRUE(address % 2 == 0 || address == 1) << "1 says that its task is at work on it";
    }
  }
  void expectConsistent() {
    if (another_ != nullptr && another_ != block_) {
      EXPECT_FALSE(freed_again_);
      EXPECT_TRUE(world.fallback.deallocate(another_)) << "freed by who freed another block twice";
    }
    if (kept_ != nullptr) world.heap.heap().release(world.heap.heap().context, kept_, 64);
  }

  World world;

 private:
  void* block_ = world.fallback.allocate(64, "first holder");
  void* another_ = nullptr;
  void* kept_ = nullptr;
  bool freed_again_ = false;
};

TEST(HeapFallbackInterrupt, ALateSecondFreeDoesNothingToWhoHasTheRecordByThen) {
  const std::vector<Named<Twice>> nothing{{"a block", [](Twice&) {}}};
  const std::vector<Named<Twice>> again{{"a second free", [](Twice& twice) { twice.freeAgain(); }}};
  const std::vector<Named<Twice>> first{
      {"the first free, and another block", [](Twice& twice) { twice.freeAndTakeAnother(); }}};
  EXPECT_GE(test::interruptEverywhere(nothing, again, first), 3U);
}

TEST(HeapFallbackInterrupt, OneArrivalInAnyWindowLosesNoByte) {
  test::interruptEverywhere(preparations, operations, arrivals);
}

TEST(HeapFallbackInterrupt, TwoArrivalsInAnyTwoWindowsLoseNoByte) {
  test::interruptTwiceEverywhere(preparations, operations, arrivals);
}

}  // namespace heap_fallback_interrupt
}  // namespace millpond
