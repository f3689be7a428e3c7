// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "lab/policies/HeldMap.h"

namespace millpond::lab {
namespace {

TEST(HeldMap, SeesWhatOverlapsAByte) {
  HeldMap map(1024);
  EXPECT_TRUE(map.take(64, 100));
  EXPECT_FALSE(map.take(64, 1));
  EXPECT_FALSE(map.take(160, 8)) << "the last four bytes of the block";
  EXPECT_FALSE(map.take(0, 65));
  EXPECT_TRUE(map.take(0, 64));
  EXPECT_TRUE(map.take(168, 8));
  map.give(64, 100);
  EXPECT_TRUE(map.take(64, 104));
}

TEST(HeldMap, WhatItRefusedIsNotHeld) {
  HeldMap map(128);
  EXPECT_TRUE(map.take(64, 8));
  EXPECT_FALSE(map.take(0, 128));
  EXPECT_TRUE(map.take(0, 64));
}

TEST(HeldMap, ItsHolesLieBetweenWhatIsHeld) {
  HeldMap map(1024);
  EXPECT_EQ(map.holes().largest, 1024U);
  map.take(128, 64);
  map.take(512, 256);
  const Holes holes = map.holes();
  EXPECT_EQ(holes.free, 1024U - 64 - 256);
  EXPECT_EQ(holes.largest, 320U);
  EXPECT_EQ(holes.squares, 128U * 128 + 320U * 320 + 256U * 256);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> held;
  map.forEachHeld([&](std::uint32_t offset, std::uint32_t bytes) { held.emplace_back(offset, bytes); });
  EXPECT_EQ(held, (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{128, 64}, {512, 256}}));
}

}  // namespace
}  // namespace millpond::lab
