// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>

#include "millpond/BlockPool.h"
#include "millpond/RunPool.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

/// Takes a block, uses it as its only holder, and gives it back: so often.
template <class Pool, class... Size>
void useBlocks(Pool& pool, unsigned times, Size... size) {
  for (; times != 0; --times) {
    void* block = pool.allocate(size...);
    if (block == nullptr) continue;
    useAlone(block);
    require(pool.deallocate(block), "the holder's free is refused");
  }
}

template <class Pool>
unsigned takeAll(Pool& pool) {
  unsigned taken = 0;
  while (pool.allocate() != nullptr) ++taken;
  return taken;
}

TEST(BlockPoolOrder, HandsABlockOverWithAllThatItsLastHolderDid) {
  explore([](Threads& threads) {
    StaticBlockPool<16, 2> pool;
    for (int thread = 0; thread < 3; ++thread) threads.task([&] { useBlocks(pool, 2); });
    threads.join();
    require(takeAll(pool) == 2, "a block is lost");
  });
}

TEST(BlockPoolOrder, HandsABlockOfManyOverWithAllThatItsLastHolderDid) {
  explore([](Threads& threads) {
    StaticBlockPool<16, 33> pool;
    for (int held = 0; held < 31; ++held) (void)pool.allocate();
    for (int thread = 0; thread < 3; ++thread) threads.task([&] { useBlocks(pool, 2); });
    threads.join();
    require(takeAll(pool) == 2, "a block is lost");
  });
}

TEST(BlockPoolOrder, KeepsASummaryThatHidesNoBlock) {
  explore([](Threads& threads) {
    StaticBlockPool<16, 33> pool;
    for (int held = 0; held < 30; ++held) (void)pool.allocate();
    void* const lowest = pool.allocate();
    threads.task([&] { require(pool.deallocate(lowest), "the holder's free is refused"); });
    for (int thread = 0; thread < 2; ++thread) threads.task([&] { useBlocks(pool, 2); });
    threads.join();
    require(pool.allocate() == lowest, "the summary hides a block");
  });
}

/// Who gives a block back and then looks whether somebody asks, and who asks and then looks for a block: one
/// of them sees the other.
template <class Pool, class... Size>
void refuse(Threads& threads, Size... size) {
  Pool pool;
  Word asked;
  void* last = nullptr;
  while (void* const block = pool.allocate(size...)) last = block;
  bool seen = false;
  bool served = false;
  threads.task([&] {
    require(pool.deallocate(last), "the holder's free is refused");
    seen = asked.loadOrdered() != 0;
  });
  threads.task([&] {
    asked.setBits(1);
    served = pool.allocate(size...) != nullptr;
  });
  threads.join();
  require(seen || served, "neither sees the other");
}

TEST(BlockPoolOrder, RefusesInOneOrderWithAllElse) { explore(refuse<StaticBlockPool<16, 2>>); }
TEST(BlockPoolOrder, RefusesABlockOfManyInOneOrderWithAllElse) { explore(refuse<StaticBlockPool<16, 33>>); }
TEST(RunPoolOrder, RefusesInOneOrderWithAllElse) {
  explore([](Threads& threads) { refuse<StaticRunPool<16, 4>>(threads, std::size_t{32}); });
}
TEST(RunPoolOrder, RefusesARunOfManyGranulesInOneOrderWithAllElse) {
  explore([](Threads& threads) { refuse<StaticRunPool<16, 48>>(threads, std::size_t{256}); });
}

TEST(BlockPoolOrder, RefusesOnlyWhereNoBlockStayedFree) {
  explore([](Threads& threads) {
    StaticBlockPool<16, 33> pool;
    for (int thread = 0; thread < 3; ++thread) {
      threads.task([&] {
        for (int turn = 0; turn < 2; ++turn) {
          void* block = pool.allocate();
          require(block != nullptr, "refused, although 30 blocks are always free");
          require(pool.deallocate(block), "the holder's free is refused");
        }
      });
    }
    threads.join();
  });
}

TEST(BlockPoolOrder, FreesABlockOnce) {
  explore([](Threads& threads) {
    StaticBlockPool<16, 33> pool;
    void* block = pool.allocate();
    Word freed;
    for (int thread = 0; thread < 2; ++thread) {
      threads.task([&] {
        if (pool.deallocate(block)) freed.update([](std::uint32_t seen) { return seen + 1; });
      });
    }
    threads.join();
    require(freed.load() == 1, "freed twice");
  });
}

TEST(RunPoolOrder, HandsARunOverWithAllThatItsLastHolderDid) {
  explore([](Threads& threads) {
    StaticRunPool<16, 3> pool;
    for (std::size_t granules = 1; granules <= 3; ++granules) {
      threads.task([&pool, granules] { useBlocks(pool, 2, granules * 16); });
    }
    threads.join();
    require(pool.inUse() == 0 && pool.allocate(48) != nullptr, "a granule is lost");
  });
}

TEST(RunPoolOrder, HandsARunOfManyGranulesOverWithAllThatItsLastHolderDid) {
  explore([](Threads& threads) {
    StaticRunPool<16, 33> pool;
    (void)pool.allocate(30 * 16);
    for (std::size_t granules = 1; granules <= 2; ++granules) {
      threads.task([&pool, granules] { useBlocks(pool, 2, granules * 16); });
      threads.task([&pool] { useBlocks(pool, 1, std::size_t{16}); });
    }
    threads.join();
    require(pool.inUse() == 30 && pool.allocate(32) != nullptr, "a granule is lost");
  });
}

TEST(RunPoolOrder, FreesARunOnce) {
  explore([](Threads& threads) {
    StaticRunPool<16, 3> pool;
    void* block = pool.allocate(32);
    Word freed;
    for (int thread = 0; thread < 2; ++thread) {
      threads.task([&] {
        if (pool.deallocate(block)) freed.update([](std::uint32_t seen) { return seen + 1; });
      });
    }
    threads.join();
    require(freed.load() == 1, "freed twice");
  });
}

TEST(RunPoolOrder, KnowsTheMostThatWasHeld) {
  explore([](Threads& threads) {
    StaticRunPool<16, 4> pool;
    require(pool.allocate(32) != nullptr, "refused");
    for (int thread = 0; thread < 2; ++thread) threads.task([&] { useBlocks(pool, 2, std::size_t{32}); });
    threads.join();
    require(pool.peak() == 4, "the peak is forgotten");
  });
}

}  // namespace
}  // namespace millpond::order
