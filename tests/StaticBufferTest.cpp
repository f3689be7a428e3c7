// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "millpond/StaticBuffer.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

class StaticBufferTest : public test::DefaultManager {
 protected:
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const StaticBufferNode* node = memory.staticBuffers(); node != nullptr; node = node->next()) {
      names.emplace_back(node->name());
    }
    return names;
  }
};

TEST_F(StaticBufferTest, IsCountedByTheManagerToTheByte) {
  const StaticBuffer<std::int32_t, 4096> i2s(memory, "i2s");
  EXPECT_EQ(memory.stats().static_bytes, 16384U);
  EXPECT_EQ(memory.stats().static_budget, 16384U);
  ASSERT_NE(memory.staticBuffers(), nullptr);
  EXPECT_STREQ(memory.staticBuffers()->name(), "i2s");
  EXPECT_EQ(memory.staticBuffers()->bytes(), 16384U);
  EXPECT_EQ(memory.staticBuffers()->next(), nullptr);
}

TEST_F(StaticBufferTest, ShowsMoreThanTheBudgetWhereThereIsMore) {
  const StaticBuffer<std::int32_t, 4096> i2s(memory, "i2s");
  const StaticBuffer<char, 3> more(memory, "more");
  EXPECT_EQ(memory.stats().static_bytes, 16387U);
  EXPECT_EQ(memory.stats().static_budget, 16384U);
}

TEST_F(StaticBufferTest, LeavesTheListInWhateverOrderItEnds) {
  auto a = std::make_unique<StaticBuffer<char, 1>>(memory, "a");
  auto b = std::make_unique<StaticBuffer<char, 2>>(memory, "b");
  auto c = std::make_unique<StaticBuffer<char, 4>>(memory, "c");
  EXPECT_EQ(names(), (std::vector<std::string>{"c", "b", "a"}));
  b.reset();
  EXPECT_EQ(names(), (std::vector<std::string>{"c", "a"}));
  c.reset();
  EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
  a.reset();
  EXPECT_EQ(memory.staticBuffers(), nullptr);
  EXPECT_EQ(memory.stats().static_bytes, 0U);
}

TEST_F(StaticBufferTest, IsAZeroedArrayOfItsElements) {
  StaticBuffer<std::int32_t, 5> buffer(memory, "b");
  static_assert(decltype(buffer)::size() == 5);
  for (const std::int32_t element : buffer.span()) EXPECT_EQ(element, 0);
  buffer[4] = 9;
  EXPECT_EQ(buffer.data()[4], 9);
  EXPECT_EQ(buffer.span().back(), 9);
  EXPECT_EQ(buffer.span().size_bytes(), 20U);
}

}  // namespace
}  // namespace millpond
