// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <utility>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig with_objects{
    .more = {{{.name = "objects", .kind = PoolKind::runs, .blocks = 4, .block_size = 64}}}};
constexpr PoolId typed = with_objects.id("objects");

using ObjectTest = test::ManagerOf<with_objects>;

struct Session {
  explicit Session(int& alive) : count(alive) { ++count; }
  ~Session() { --count; }
  int& count;
  char text[100] = {};
};

TEST_F(ObjectTest, IsMadeInThePoolAndDestroyedWithItsOwner) {
  int alive = 0;
  {
    const Object<Session> session = memory.create<Session>(typed, "session", alive);
    ASSERT_TRUE(session);
    EXPECT_EQ(alive, 1);
    EXPECT_EQ(&session->count, &alive);
    EXPECT_EQ(memory.poolOf(session.get()), typed);
    EXPECT_EQ(memory.stats().pool(typed).bytes_requested, sizeof(Session));
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(ObjectTest, MovesWithItsOwner) {
  int alive = 0;
  Object<Session> first = memory.create<Session>(typed, "session", alive);
  Object<Session> second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(alive, 1);
  second = memory.create<Session>(typed, "session", alive);
  EXPECT_EQ(alive, 1) << "the one before is gone";
  second.destroy();
  EXPECT_EQ(alive, 0);
  EXPECT_FALSE(second);
  second.destroy();
}

TEST_F(ObjectTest, IsNotMadeIfThePoolHasNoBlock) {
  int alive = 0;
  const Object<Session> first = memory.create<Session>(typed, "session", alive);
  const Object<Session> second = memory.create<Session>(typed, "session", alive);
  const Object<Session> third = memory.create<Session>(typed, "session", alive);
  EXPECT_TRUE(second);
  EXPECT_FALSE(third);
  EXPECT_EQ(alive, 2);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(ObjectTest, IsNotMadeIfItIsTooLargeOrAlignedTooStrictly) {
  struct Large {
    char bytes[257];
  };
  struct alignas(4096) Strict {
    char bytes[4096];
  };
  MemoryManager& any = memory;
  EXPECT_FALSE(any.create<Large>(typed, "large"));
  EXPECT_EQ(memory.stats().pool(typed).oversize, 1U);
  const Buffer shifted = memory.networkBuffer(20480, "first");
  const Object<Strict> strict = any.create<Strict>(PoolId::network, "strict");
  EXPECT_EQ(static_cast<bool>(strict), strict.get() != nullptr);
  if (strict) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(strict.get()) % 4096, 0U);
  }
}

}  // namespace
}  // namespace millpond
