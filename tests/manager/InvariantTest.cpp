// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
//
// The invariants of the design, each by name. Those that are about atomic steps are held in
// interrupt/InvariantStepsTest.cpp, and those about the built code in checks/.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "millpond.h"
#include "support/ManagerFixture.h"
#include "support/Pattern.h"
#include "support/RequestGenerator.h"

namespace millpond {
namespace {

constexpr MemoryConfig many_words{.audio_buffer_pool_size = 40,
                                  .network_buffer_pool_size = 33,
                                  .general_buffer_pool_size = 70,
                                  .max_heap_allocation = 8192,
                                  .audio_block_size = 64,
                                  .network_block_size = 48,
                                  .general_block_size = 32,
                                  .max_heap_blocks = 4};

template <class Config>
class Invariant : public test::ManagerOf<Config::value> {
 protected:
  struct Held {
    std::size_t size;
    std::uint32_t tag;
  };

  void* allocate(const test::Request& request) {
    switch (request.pool) {
      case PoolId::audio:
        return this->memory.allocateAudioBuffer(request.size, request.source);
      case PoolId::network:
        return this->memory.allocateNetworkBuffer(request.size, request.source);
      default:
        return this->memory.allocateGeneralBuffer(request.size, request.source);
    }
  }

  // Overlaps nothing that is held: neither the block below nor the block above.
  void expectDisjoint(std::byte* block, std::size_t size) {
    const auto above = held.lower_bound(block);
    if (above != held.end()) {
      ASSERT_LE(block + size, above->first);
    }
    if (above != held.begin()) {
      const auto below = std::prev(above);
      ASSERT_LE(below->first + below->second.size, block);
    }
  }

  void expectUntouchedByFreeAndAllocate(std::byte content) {
    for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
      const PoolSpec spec = Config::value.pools()[static_cast<std::size_t>(pool)];
      for (std::size_t block = 0; block < spec.blocks; ++block) {
        auto* start = static_cast<std::byte*>(allocate({.pool = pool, .size = spec.block_size}));
        held[start] = {spec.block_size, 0};
        EXPECT_TRUE(std::all_of(start, start + spec.block_size, [=](std::byte b) { return b == content; }));
      }
    }
    freeAll();
  }

  void freeAll() {
    for (const auto& [block, what] : held) this->memory.deallocate(block);
    held.clear();
  }

  std::map<std::byte*, Held> held;
};

template <MemoryConfig config>
using As = std::integral_constant<MemoryConfig, config>;
using Configs = testing::Types<As<MemoryConfig{}>, As<many_words>>;
TYPED_TEST_SUITE(Invariant, Configs);

TYPED_TEST(Invariant, I1_OneOwner) {
  test::RequestGenerator requests(TypeParam::value, 1);
  for (int round = 0; round < 20'000; ++round) {
    const test::Request request = requests.next();
    if (request.action == test::Action::allocate) {
      auto* block = static_cast<std::byte*>(this->allocate(request));
      if (block == nullptr) continue;
      ASSERT_NO_FATAL_FAILURE(this->expectDisjoint(block, request.size));
      this->held[block] = {request.size, 0};
    } else if (!this->held.empty()) {
      const auto victim = std::next(this->held.begin(), request.pick % this->held.size());
      this->memory.deallocate(victim->first);
      this->held.erase(victim);
    }
  }
  this->freeAll();
}

TYPED_TEST(Invariant, I2_NothingInsideABlockIsOurs) {
  test::RequestGenerator requests(TypeParam::value, 2);
  std::uint32_t tag = 0;
  for (int round = 0; round < 4000; ++round) {
    const test::Request request = requests.next();
    if (request.action == test::Action::allocate) {
      auto* block = static_cast<std::byte*>(this->allocate(request));
      if (block == nullptr) continue;
      ASSERT_NO_FATAL_FAILURE(this->expectDisjoint(block, request.size));
      test::fill({block, request.size}, ++tag % 251);
      this->held[block] = {request.size, tag % 251};
    } else if (!this->held.empty()) {
      const auto victim = std::next(this->held.begin(), request.pick % this->held.size());
      this->memory.deallocate(victim->first + 1);  // refused, and harms nothing either
      ASSERT_TRUE(test::isIntact({victim->first, victim->second.size}, victim->second.tag));
      this->memory.deallocate(victim->first);
      this->held.erase(victim);
    }
  }
  for (const auto& [block, what] : this->held) EXPECT_TRUE(test::isIntact({block, what.size}, what.tag));
  this->freeAll();
}

// Whatever a caller writes into its blocks, to the last byte granted, the manager neither notices nor
// touches.
TYPED_TEST(Invariant, I2_NoContentOfTheBlocksCanHarmTheManager) {
  for (const std::uint32_t content : {0x00U, 0xFFU, 0xA5U}) {
    std::vector<void*> blocks;
    for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
      const PoolSpec spec = TypeParam::value.pools()[static_cast<std::size_t>(pool)];
      for (std::size_t block = 0; block < spec.blocks; ++block) {
        blocks.push_back(this->allocate({.pool = pool, .size = spec.block_size, .source = "writer"}));
        std::ranges::fill(test::bytesOf(blocks.back(), spec.block_size), static_cast<std::byte>(content));
      }
    }
    EXPECT_EQ(this->heap.calls(), 0U);
    EXPECT_EQ(test::liveBlocks(this->memory).size(), blocks.size());
    for (const LiveBlock& block : this->memory.leaks()) EXPECT_STREQ(block.source, "writer");
    for (void* block : blocks) this->memory.deallocate(block);
    this->expectUntouchedByFreeAndAllocate(static_cast<std::byte>(content));
    test::expectAllEmpty(this->memory);
  }
}

TYPED_TEST(Invariant, I4_ASecondFreeIsSeen) {
  const auto rejected = [this] {
    const MemoryStats stats = this->memory.stats();
    return stats.audio.rejected + stats.network.rejected + stats.general.rejected + stats.heap.rejected;
  };
  std::vector<std::byte*> blocks;
  for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
    const PoolSpec spec = TypeParam::value.pools()[static_cast<std::size_t>(pool)];
    for (std::size_t block = 0; block < spec.blocks; ++block) {
      blocks.push_back(static_cast<std::byte*>(
          this->allocate({.pool = pool, .size = spec.block_size, .source = "owner"})));
    }
  }
  std::uint64_t refused = 0;
  for (std::byte* block : blocks) {
    for (const std::ptrdiff_t offset : {1, 8, 16, 31}) this->memory.deallocate(block + offset);
    ASSERT_EQ(rejected(), refused += 4) << "interior";
    this->memory.deallocate(block);
    ASSERT_EQ(rejected(), refused);
    this->memory.deallocate(block);
    ASSERT_EQ(rejected(), ++refused) << "second";
  }
}

TYPED_TEST(Invariant, I7_ThePoolPathNeverTouchesThePlatformHeap) {
  std::vector<void*> blocks;
  for (int round = 0; round < 100; ++round) {
    for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
      const PoolSpec spec = TypeParam::value.pools()[static_cast<std::size_t>(pool)];
      for (std::size_t block = 0; block < spec.blocks; ++block) {
        blocks.push_back(this->allocate({.pool = pool, .size = spec.block_size, .source = "a"}));
      }
      this->memory.deallocate(static_cast<std::byte*>(blocks.back()) + 1);
    }
    static_cast<void>(this->memory.stats());
    static_cast<void>(test::liveBlocks(this->memory));
    for (void* block : blocks) this->memory.deallocate(block);
    this->memory.deallocate(blocks.back());
    this->memory.deallocate(&blocks);
    blocks.clear();
    Buffer handle = this->memory.networkBuffer(48, "a");
  }
  EXPECT_EQ(this->heap.calls(), 0U);
}

TYPED_TEST(Invariant, I8_EveryByteIsKnown) {
  using Manager = StaticMemoryManager<TypeParam::value>;
  static_assert(Manager::totalBytes() == sizeof(Manager) + TypeParam::value.static_buffer_bytes);
  const auto object = reinterpret_cast<std::uintptr_t>(&this->memory);
  std::vector<std::pair<std::uintptr_t, std::size_t>> blocks;
  for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
    const PoolSpec spec = TypeParam::value.pools()[static_cast<std::size_t>(pool)];
    for (std::size_t block = 0; block < spec.blocks; ++block) {
      void* start = this->allocate({.pool = pool, .size = spec.block_size, .source = "a"});
      blocks.emplace_back(reinterpret_cast<std::uintptr_t>(start), spec.block_size);
    }
  }
  std::uint64_t granted = 0;
  for (const LiveBlock& block : this->memory.leaks()) granted += block.granted;
  EXPECT_EQ(granted, Manager::poolBytes()) << "the blocks are all of the pools' memory";
  std::ranges::sort(blocks);
  for (std::size_t index = 0; index < blocks.size(); ++index) {
    EXPECT_GE(blocks[index].first, object);
    EXPECT_LE(blocks[index].first + blocks[index].second, object + sizeof(Manager));
    if (index > 0) {
      EXPECT_EQ(blocks[index - 1].first + blocks[index - 1].second, blocks[index].first);
    }
  }
  for (const auto& [block, size] : blocks) this->memory.deallocate(reinterpret_cast<void*>(block));
}

// checks/symbols holds the other half: the library cannot throw, abort or print, because it calls nothing
// that does.
TYPED_TEST(Invariant, I9_FailureIsAValue) {
  static_assert(noexcept(Buffer(std::declval<Buffer>())));
  this->heap.setEmpty(true);
  const std::size_t too_large = TypeParam::value.pools()[1].bytes() + 1;
  std::uint64_t refused = 0;
  for (const PoolId pool : {PoolId::audio, PoolId::network, PoolId::general}) {
    for (const std::size_t size : {std::size_t{0}, too_large, SIZE_MAX / 2, SIZE_MAX}) {
      EXPECT_EQ(this->allocate({.pool = pool, .size = size}), nullptr);
      refused += size != 0 ? 1 : 0;
    }
  }
  EXPECT_EQ(this->memory.stats().heap.exhausted, refused);
  EXPECT_EQ(this->memory.stats().invalid_requests, 3U);
}

}  // namespace
}  // namespace millpond
