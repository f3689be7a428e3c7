// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <memory>
#include <vector>

#include "millpond/BlockPool.h"
#include "stress/Threads.h"
#include "support/RequestGenerator.h"
#include "support/Scale.h"
#include "support/SizedPool.h"

namespace millpond {
namespace block_pool_stress {

constexpr std::size_t block_size = 64;
constexpr unsigned threads = 4;

class BlockPoolStress : public testing::TestWithParam<std::uint32_t> {
 protected:
  const std::uint32_t count = GetParam();

  void TearDown() override {
    EXPECT_EQ(pool->inUse(), 0U);
    for (std::uint32_t block = 0; block < count; ++block) ASSERT_EQ(pool->take(), block) << "lost";
  }

  const std::unique_ptr<test::SizedPool<BlockPool>> pool =
      std::make_unique<test::SizedPool<BlockPool>>(block_size, count);
};

INSTANTIATE_TEST_SUITE_P(, BlockPoolStress, testing::Values(4U, 32U, 33U, 128U, 1024U),
                         [](const auto& given) { return std::to_string(given.param) + "Blocks"; });

TEST_P(BlockPoolStress, EachBlockHasOneOwnerAndItsBytesAreLeftAlone) {
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> given{0};
  test::onThreads(threads, [&](unsigned id) {
    test::RequestGenerator random(MemoryConfig{}, id);
    std::vector<test::Parcel> held;
    std::uint32_t tag = id * 60;
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      const std::uint64_t word = random.nextWord();
      if ((word & 15U) < 8 || held.empty()) {
        void* block = pool->allocate();
        if (block == nullptr) continue;
        ++taken;
        held.push_back({block, block_size, id * 60 + tag++ % 60});
        held.back().seal();
      } else {
        std::swap(held[(word >> 8U) % held.size()], held.back());
        held.back().expectSealed();
        // Wrong frees of what is ours change nothing for anybody.
        ASSERT_FALSE(pool->deallocate(static_cast<std::byte*>(held.back().block) + 1 + (word >> 4U) % 63));
        ASSERT_TRUE(pool->deallocate(held.back().block));
        ++given;
        held.pop_back();
      }
    }
    for (const test::Parcel& parcel : held) {
      parcel.expectSealed();
      ASSERT_TRUE(pool->deallocate(parcel.block));
      ++given;
    }
  });
  EXPECT_EQ(taken, given);
}

TEST_P(BlockPoolStress, BlocksHandedToAnotherThreadArriveWholeAndAreFreedThere) {
  test::Mailboxes mailboxes;
  std::vector tables(threads, std::vector<test::Parcel>(count));
  test::onThreads(threads, [&](unsigned id) {
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      test::Parcel* sent = nullptr;
      const std::uint32_t index = pool->take();
      if (index != BlockPool::none) {
        sent = &tables[id][index];
        *sent = {pool->geometry().address(index), block_size, static_cast<std::uint32_t>(step % 251)};
        sent->seal();
      }
      const test::Parcel* received = mailboxes.exchange(step + id, sent);
      if (received == nullptr) continue;
      received->expectSealed();
      ASSERT_TRUE(pool->deallocate(received->block));
    }
  });
  for (std::size_t box = 0; box < mailboxes.size(); ++box) {
    if (const test::Parcel* parcel = mailboxes.exchange(box, nullptr)) {
      EXPECT_TRUE(pool->deallocate(parcel->block));
    }
  }
}

TEST_P(BlockPoolStress, OfManyFreesOfABlockAtOnceExactlyOneCounts) {
  std::vector<std::atomic<int>> freed(count);
  const std::size_t rounds = test::scaled(std::max<std::size_t>(20, 4000 / count));
  std::barrier phase(threads);
  test::onThreads(threads, [&](unsigned id) {
    for (std::size_t round = 0; round < rounds; ++round) {
      for (std::uint32_t block = id; block < count; block += threads) {
        EXPECT_NE(pool->take(), BlockPool::none);
        freed[block] = 0;
      }
      phase.arrive_and_wait();
      for (std::uint32_t block = 0; block < count; ++block) {
        if (pool->give(block)) ++freed[block];
      }
      phase.arrive_and_wait();
      for (std::uint32_t block = id; block < count; block += threads) EXPECT_EQ(freed[block], 1);
      phase.arrive_and_wait();
    }
  });
}

TEST_P(BlockPoolStress, WhoeverKeepsToTheirShareIsNeverRefused) {
  // Each thread holds at most its share, so at every moment there is a block for each caller.
  const std::uint32_t share = count / threads;
  std::atomic<std::uint64_t> refused{0};
  test::onThreads(threads, [&](unsigned id) {
    test::RequestGenerator random(MemoryConfig{}, 77 + id);
    std::vector<std::uint32_t> held;
    for (std::size_t step = 0; step < test::scaled(60'000); ++step) {
      const std::uint64_t word = random.nextWord();
      if (held.size() < share && (word & 7U) != 0) {
        const std::uint32_t block = pool->take();
        if (block == BlockPool::none) {
          ++refused;
        } else {
          held.push_back(block);
        }
      } else if (!held.empty()) {
        std::swap(held[(word >> 8U) % held.size()], held.back());
        ASSERT_TRUE(pool->give(held.back()));
        held.pop_back();
      }
    }
    for (const std::uint32_t block : held) ASSERT_TRUE(pool->give(block));
  });
  EXPECT_EQ(refused, 0U);
}

}  // namespace block_pool_stress
}  // namespace millpond
