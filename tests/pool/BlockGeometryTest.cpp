// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "millpond/pool/BlockGeometry.h"

namespace millpond {
namespace {

// Never read through: only addresses are compared.
std::byte* at(std::uintptr_t address) { return reinterpret_cast<std::byte*>(address); }

// What indexOf promises, found by dividing: the block that starts there, or anything from count on.
void expectIndexByDivision(const BlockGeometry& geometry, std::uintptr_t base, std::uintptr_t address) {
  const std::uintptr_t offset = address - base;
  const bool starts_a_block = offset % geometry.blockSize() == 0 && offset < geometry.bytes();
  if (starts_a_block) {
    ASSERT_EQ(geometry.indexOf(at(address)), offset / geometry.blockSize());
  } else {
    ASSERT_GE(geometry.indexOf(at(address)), geometry.count()) << address;
  }
  ASSERT_EQ(geometry.contains(at(address)), offset < geometry.bytes()) << address;
  if (geometry.contains(at(address))) {
    ASSERT_EQ(geometry.indexAround(at(address)), offset / geometry.blockSize()) << address;
  }
}

struct Shape {
  std::size_t block_size;
  std::size_t count;
};

const std::vector<Shape> shapes{{1, 1},     {1, 1024},  {3, 7},     {8, 4},        {16, 33},       {24, 1024},
                                {48, 31},   {512, 8},   {1000, 9},  {1008, 1000},  {4096, 4},      {4095, 5},
                                {20480, 2}, {20480, 3}, {65535, 2}, {65536, 1024}, {1 << 22, 1000}};

TEST(BlockGeometry, FindsTheIndexOfEveryBlockStartAndRefusesEveryOtherByte) {
  const std::uintptr_t base = 0x3FFB'0010;
  for (const auto [block_size, count] : shapes) {
    const BlockGeometry geometry(at(base), block_size, count);
    const std::uintptr_t step = geometry.bytes() < 70'000 ? 1 : 16;
    const std::uintptr_t end = base + (geometry.bytes() < 1 << 20 ? geometry.bytes() : 1 << 20) + 100;
    for (std::uintptr_t address = base - 100; address < end; address += step) {
      expectIndexByDivision(geometry, base, address);
    }
  }
}

TEST(BlockGeometry, RefusesAddressesFarFromThePool) {
  std::uint64_t random = 42;
  for (const auto [block_size, count] : shapes) {
    const std::uintptr_t base = 0x7F00'1234'5670;
    const BlockGeometry geometry(at(base), block_size, count);
    for (int round = 0; round < 20'000; ++round) {
      random = random * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
      expectIndexByDivision(geometry, base, random);
      expectIndexByDivision(geometry, base, base + (random >> 33U) - (std::uint64_t{1} << 30U));
      expectIndexByDivision(geometry, base, base + random % count * block_size);
    }
    for (const std::uintptr_t odd : {std::uintptr_t{0}, std::uintptr_t{1}, ~std::uintptr_t{0}}) {
      expectIndexByDivision(geometry, base, odd);
    }
  }
}

TEST(BlockGeometry, TheLastBlockEndsWhereThePoolEnds) {
  for (const auto [block_size, count] : shapes) {
    const BlockGeometry geometry(at(0x1000), block_size, count);
    EXPECT_EQ(geometry.address(count - 1) + block_size, at(0x1000) + geometry.bytes());
    EXPECT_EQ(geometry.indexOf(geometry.address(count - 1)), count - 1);
    EXPECT_GE(geometry.indexOf(geometry.address(count)), count);
    EXPECT_FALSE(geometry.contains(geometry.address(count)));
    EXPECT_TRUE(geometry.contains(geometry.address(count) - 1));
  }
}

TEST(BlockGeometry, HoldsAtTheVeryEndOfTheAddressSpace) {
  const std::uintptr_t base = ~std::uintptr_t{0} - 4 * 4096 + 1;
  const BlockGeometry geometry(at(base), 4096, 4);
  for (std::uintptr_t address = base - 64; address != 64; ++address) {
    expectIndexByDivision(geometry, base, address);
  }
}

TEST(BlockGeometry, ReportsWhatItWasMadeOf) {
  const BlockGeometry geometry(at(0x1000), 20480, 3);
  EXPECT_EQ(geometry.count(), 3U);
  EXPECT_EQ(geometry.blockSize(), 20480U);
  EXPECT_EQ(geometry.bytes(), 61440U);
  EXPECT_EQ(geometry.shift(), 12U);
  EXPECT_EQ(BlockGeometry(at(0x1000), 512, 8).shift(), 9U);
}

}  // namespace
}  // namespace millpond
