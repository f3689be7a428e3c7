// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond/base/Counter.h"

namespace millpond {
namespace {

TEST(Counter, CountsOneAtATime) {
  Word counter;
  counter::increment(counter);
  counter::increment(counter);
  EXPECT_EQ(counter.load(), 2U);
}

TEST(Counter, StaysAtItsEndInsteadOfWrapping) {
  Word counter(UINT32_MAX - 1);
  counter::increment(counter);
  EXPECT_EQ(counter.load(), UINT32_MAX);
  counter::increment(counter);
  EXPECT_EQ(counter.load(), UINT32_MAX);
}

TEST(Counter, RaiseOnlyEverRises) {
  Word mark;
  counter::raise(mark, 7);
  counter::raise(mark, 3);
  EXPECT_EQ(mark.load(), 7U);
  counter::raise(mark, UINT32_MAX);
  EXPECT_EQ(mark.load(), UINT32_MAX);
}

}  // namespace
}  // namespace millpond
