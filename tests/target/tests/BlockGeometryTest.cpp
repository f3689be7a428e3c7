// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <initializer_list>

#include "Test.h"
#include "millpond/pool/BlockGeometry.h"

namespace millpond {

namespace block_geometry_tests {

std::byte* at(std::uintptr_t address) { return reinterpret_cast<std::byte*>(address); }

/// Effect: looks up addresses around the first blocks and the last ones, of which only their starts are one.
void findsEachStart(std::uintptr_t base, std::size_t block_size, std::size_t count) {
  const BlockGeometry geometry(at(base), block_size, count);
  const std::size_t near = block_size < 200 ? block_size : 200;
  std::uintptr_t start = base;
  for (std::size_t index = 0; index < count; ++index, start += block_size) {
    if (index > 40 && index + 40 < count) continue;
    EXPECT_EQ(geometry.indexOf(at(start)), index);
    std::uint32_t found = 0;
    for (std::uintptr_t beside = 1; beside < near; ++beside) {
      found += geometry.indexOf(at(start + beside)) < count ? 1 : 0;
      found += geometry.indexOf(at(start + block_size - beside)) < count ? 1 : 0;
    }
    EXPECT_EQ(found, 0U);
  }
  for (const std::uintptr_t nowhere :
       {start, start + block_size, base - block_size, base - 1, std::uintptr_t{0}, std::uintptr_t{1},
        UINTPTR_MAX, base + UINTPTR_MAX / 2}) {
    EXPECT_GE(geometry.indexOf(at(nowhere)), count);
  }
}

TEST(BlockGeometry, FindsTheIndexOfEveryBlockStartAndOfNothingElse) {
  for (const std::size_t block_size : {2U, 3U, 16U, 24U, 48U, 512U, 1000U, 4095U, 4096U, 20480U, 65536U}) {
    for (const std::size_t count : {1U, 4U, 33U, 1024U}) findsEachStart(0x2000'0010, block_size, count);
  }
}

TEST(BlockGeometry, FindsThemAlsoWhereTheHighBitsOfAddressesDiffer) {
  constexpr unsigned half = sizeof(std::uintptr_t) * 4;
  const std::uintptr_t base = (std::uintptr_t{1} << half << (half - 1)) - 4096;
  findsEachStart(base, 48, 1000);
  findsEachStart(base, 4096, 4);
}

}  // namespace block_geometry_tests
}  // namespace millpond
