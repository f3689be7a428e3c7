// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <list>
#include <new>
#include <string>
#include <vector>

#include "millpond/adapters/MemoryResource.h"
#include "millpond/adapters/PoolAllocator.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

class MemoryResourceTest : public test::DefaultManager {
 protected:
  PoolSource source{.memory = memory, .pool = PoolId::general, .source = "lists"};
  MemoryResource resource{source};
};

TEST_F(MemoryResourceTest, ServesContainersFromThePool) {
  {
    std::pmr::vector<std::pmr::string> names(&resource);
    names.emplace_back("a name too long to be stored in the string");
    names.emplace_back("another one, as long as that");
    EXPECT_STREQ(test::liveBlocks(memory).front().source, "lists");
    EXPECT_GT(memory.stats().general.in_use, 2U);
  }
  EXPECT_EQ(memory.stats().general.in_use, 0U);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(MemoryResourceTest, ThrowsOnExhaustionAndTheContainerKeepsWhatItHad) {
  std::pmr::list<std::array<char, 400>> list(&resource);
  for (int at = 0; at < 8; ++at) list.emplace_back();
  EXPECT_THROW(list.emplace_back(), std::bad_alloc);
  EXPECT_EQ(list.size(), 8U);
  EXPECT_EQ(memory.stats().general.exhausted, 1U);
}

TEST_F(MemoryResourceTest, RefusesAnAlignmentBeyondThePoolsEvenIfABlockHasIt) {
  const std::size_t alignment = memory.alignment();
  void* const block = resource.allocate(64, alignment);
  resource.deallocate(block, 64, alignment);
  EXPECT_THROW(static_cast<void>(resource.allocate(64, 2 * alignment)), std::bad_alloc);
  EXPECT_EQ(memory.stats().general.allocations, 1U);
}

TEST_F(MemoryResourceTest, AsksTheHeapOnlyIfThatWasAllowed) {
  EXPECT_THROW(static_cast<void>(resource.allocate(5000)), std::bad_alloc);
  source.heap = true;
  MemoryResource allowed(source);
  void* const block = allowed.allocate(5000);
  EXPECT_EQ(memory.poolOf(block), PoolId::heap);
  allowed.deallocate(block, 5000);
}

TEST_F(MemoryResourceTest, GivesARequestOfNoBytesABlockOfItsOwn) {
  void* const block = resource.allocate(0);
  EXPECT_TRUE(memory.owns(block));
  resource.deallocate(block, 0);
}

TEST_F(MemoryResourceTest, RefusesAndCountsASecondFree) {
  void* const block = resource.allocate(64);
  resource.deallocate(block, 64);
  resource.deallocate(block, 64);
  EXPECT_EQ(memory.stats().general.rejected, 1U);
}

TEST_F(MemoryResourceTest, IsEqualOnlyToItself) {
  MemoryResource other(source);
  EXPECT_TRUE(resource.is_equal(resource));
  EXPECT_FALSE(resource.is_equal(other));
}

using PoolAllocatorTest = MemoryResourceTest;

TEST_F(PoolAllocatorTest, ServesContainersAndTheirNodesFromThePool) {
  const PoolAllocator<int> allocator(source);
  {
    std::vector<int, PoolAllocator<int>> points(100, 7, allocator);
    std::list<int, PoolAllocator<int>> nodes({1, 2, 3}, allocator);
    EXPECT_EQ(points[99] + nodes.back(), 10);
    EXPECT_EQ(memory.stats().general.in_use, 4U);
  }
  EXPECT_EQ(memory.stats().general.in_use, 0U);
}

TEST_F(PoolAllocatorTest, ThrowsOnExhaustionAndForAProductThatOverflows) {
  PoolAllocator<int> allocator(source);
  EXPECT_THROW(static_cast<void>(allocator.allocate(1025)), std::bad_alloc);
  EXPECT_THROW(static_cast<void>(allocator.allocate(SIZE_MAX / 2)), std::bad_alloc);
  EXPECT_EQ(memory.stats().general.oversize, 1U);
}

TEST_F(PoolAllocatorTest, RefusesATypeAlignedBeyondThePool) {
  struct alignas(64) Wide {};
  PoolAllocator<Wide> allocator(source);
  EXPECT_THROW(static_cast<void>(allocator.allocate(1)), std::bad_alloc);
}

TEST_F(PoolAllocatorTest, IsEqualWhereTheManagerIsTheSame) {
  test::TestHeap other_heap;
  StaticMemoryManager<MemoryConfig{}> other(other_heap.heap());
  const PoolSource same{.memory = memory, .pool = PoolId::audio, .source = "other"};
  const PoolSource different{.memory = other, .pool = PoolId::general, .source = "lists"};
  EXPECT_TRUE(PoolAllocator<int>(source) == PoolAllocator<char>(same));
  EXPECT_FALSE(PoolAllocator<int>(source) == PoolAllocator<int>(different));
}

}  // namespace
}  // namespace millpond
