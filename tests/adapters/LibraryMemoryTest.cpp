// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>

#include "millpond/adapters/LibraryMemory.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig library_config{
    .more = {{{.name = "small", .kind = PoolKind::runs, .blocks = 8, .block_size = 64},
              {.name = "large", .blocks = 2, .block_size = 4096},
              {.name = "none", .blocks = 0, .block_size = 4096}}}};
constexpr PoolId small = library_config.id("small");
constexpr PoolId large = library_config.id("large");

class LibraryMemoryTest : public test::ManagerOf<library_config> {
 protected:
  LibraryMemoryTest() {
    EXPECT_EQ(library.bind(memory, {.pools = {small, large}, .source = "lib"}), Binding::accepted);
  }

  PoolId poolFor(std::size_t size) {
    void* const block = library.allocate(size);
    const PoolId pool = memory.poolOf(block);
    library.free(block);
    return pool;
  }

  LibraryMemory library;
};

TEST_F(LibraryMemoryTest, ServesEachRequestFromTheFirstPoolThatCouldEverServeIt) {
  EXPECT_EQ(poolFor(1), small);
  EXPECT_EQ(poolFor(8 * 64), small);
  EXPECT_EQ(poolFor(8 * 64 + 1), large);
  EXPECT_EQ(poolFor(4096), large);
}

TEST_F(LibraryMemoryTest, CountsARequestBeyondTheLastPoolThereAndDoesNotAskTheHeap) {
  EXPECT_EQ(library.allocate(4097), nullptr);
  EXPECT_EQ(library.failures(), 1U);
  EXPECT_EQ(memory.stats().pool(large).oversize, 1U);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(LibraryMemoryTest, NeverTakesALargeBlockForASmallObject) {
  void* const all = library.allocate(8 * 64);
  EXPECT_EQ(library.allocate(1), nullptr);
  EXPECT_EQ(memory.stats().pool(small).exhausted, 1U);
  EXPECT_EQ(memory.stats().pool(large).in_use, 0U);
  library.free(all);
}

TEST_F(LibraryMemoryTest, AsksTheHeapOnlyIfThatWasAllowed) {
  library.unbind();
  ASSERT_EQ(library.bind(memory, {.pools = {large}, .source = "lib", .heap = true}), Binding::accepted);
  void* const block = library.allocate(4097);
  EXPECT_EQ(memory.poolOf(block), PoolId::heap);
  EXPECT_EQ(memory.stats().pool(large).fallbacks, 1U);
  library.free(block);
}

TEST_F(LibraryMemoryTest, ZeroesWhatCallocReturns) {
  void* const dirty = library.allocate(100);
  std::fill_n(static_cast<char*>(dirty), 100, 'x');
  library.free(dirty);
  const auto* const block = static_cast<char*>(library.allocateZeroed(10, 10));
  EXPECT_EQ(static_cast<const void*>(block), dirty);
  EXPECT_EQ(std::count(block, block + 100, '\0'), 100);
  library.free(const_cast<char*>(block));
}

TEST_F(LibraryMemoryTest, CountsAProductThatOverflowsAsOversize) {
  EXPECT_EQ(library.allocateZeroed(SIZE_MAX / 2 + 1, 2), nullptr);
  EXPECT_EQ(library.allocateZeroed(2, SIZE_MAX), nullptr);
  EXPECT_EQ(memory.stats().pool(large).oversize, 2U);
}

TEST_F(LibraryMemoryTest, RefusesASizeOfZeroAsEveryManagerDoes) {
  EXPECT_EQ(library.allocate(0), nullptr);
  EXPECT_EQ(library.allocateZeroed(0, 10), nullptr);
  EXPECT_EQ(memory.stats().invalid_requests, 2U);
}

TEST_F(LibraryMemoryTest, RefusesAndCountsADoubleFreeAndTakesANullptr) {
  void* const block = library.allocate(10);
  library.free(block);
  library.free(block);
  library.free(nullptr);
  EXPECT_EQ(memory.stats().pool(small).rejected, 1U);
}

TEST_F(LibraryMemoryTest, NamesTheLibraryAsTheSourceOfItsBlocks) {
  void* const block = library.allocate(10);
  EXPECT_STREQ(test::liveBlocks(memory).front().source, "lib");
  library.free(block);
}

TEST(LibraryMemory, GivesNoMemoryBeforeItIsBoundAndAfterwards) {
  StaticMemoryManager<library_config> memory;
  LibraryMemory library;
  EXPECT_FALSE(library.isBound());
  EXPECT_EQ(library.allocate(10), nullptr);
  EXPECT_EQ(library.failures(), 1U);
  library.free(nullptr);
  ASSERT_EQ(library.bind(memory, {.pools = {small}}), Binding::accepted);
  EXPECT_TRUE(library.isBound());
  library.unbind();
  EXPECT_EQ(library.allocateZeroed(1, 10), nullptr);
  EXPECT_EQ(library.failures(), 2U);
  EXPECT_EQ(memory.stats().pool(small).allocations, 0U);
}

TEST(LibraryMemory, SaysWhyItRefusesPools) {
  StaticMemoryManager<library_config> memory;
  LibraryMemory library;
  EXPECT_EQ(library.bind(memory, {}), Binding::no_pool);
  EXPECT_EQ(library.bind(memory, {.pools = {poolIdOf(7)}}), Binding::no_such_pool);
  EXPECT_EQ(library.bind(memory, {.pools = {library_config.id("none")}}), Binding::no_such_pool);
  EXPECT_EQ(library.bind(memory, {.pools = {PoolId::heap}}), Binding::no_such_pool);
  EXPECT_EQ(library.bind(memory, {.pools = {large, small}}), Binding::not_ascending);
  EXPECT_EQ(library.bind(memory, {.pools = {small, small}}), Binding::not_ascending);
  EXPECT_FALSE(library.isBound());
}

TEST(LibraryMemory, StaysWithItsManagerIfASecondOneIsBound) {
  StaticMemoryManager<library_config> first;
  StaticMemoryManager<library_config> second;
  LibraryMemory library;
  ASSERT_EQ(library.bind(first, {.pools = {small}}), Binding::accepted);
  void* const block = library.allocate(10);
  EXPECT_EQ(library.bind(second, {.pools = {small}}), Binding::already_bound);
  library.free(block);
  EXPECT_EQ(first.stats().pool(small).frees, 1U);
  EXPECT_EQ(second.stats().heap.rejected, 0U);
}

}  // namespace
}  // namespace millpond
