// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What every port must say of the time, the caller and the heap. Written against the port contract alone.
#include <cstddef>
#include <cstdint>

#include "Test.h"
#include "conformance/Interruption.h"
#include "millpond/port/Port.h"

namespace millpond::conformance {

static_assert(port::PortContract<Port>);

TEST(ContextConformance, TimeNeverFalls) {
  const Heartbeat heartbeat;
  std::uint64_t micros = Port::micros();
  std::uint32_t ticks = Port::ticks();
  bool falls = false;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t later = Port::micros();
    const std::uint32_t later_ticks = Port::ticks();
    falls = falls || later < micros || later_ticks < ticks;
    micros = later;
    ticks = later_ticks;
  }
  EXPECT_FALSE(falls);
}

TEST(ContextConformance, ATickIsSixtyFiveMilliseconds) {
  const Heartbeat heartbeat;
  const std::uint32_t ticks = Port::ticks();
  const std::uint64_t begin = Port::micros();
  while (Port::micros() - begin < 4 * 65'536) {
  }
  const std::uint32_t passed = Port::ticks() - ticks;
  EXPECT_GE(passed, 3U);
  EXPECT_LE(passed * 65'536, Port::micros() - begin + 2 * 65'536);
}

TEST(ContextConformance, KnowsAnInterruptFromATask) {
  static bool in_interrupt = false;
  EXPECT_FALSE(Port::inInterrupt());
  {
    const Interruption interruption(10, [] { in_interrupt = Port::inInterrupt(); });
  }
  EXPECT_TRUE(in_interrupt);
  EXPECT_FALSE(Port::inInterrupt());
}

TEST(ContextConformance, ATasksPriorityStaysUntilItIsChanged) {
  EXPECT_EQ(Port::taskPriority(), Port::taskPriority());
}

TEST(ContextConformance, TheHeapGivesDistinctMemoryAlignedAsAsked) {
  constexpr std::size_t size = 100;
  for (std::size_t alignment = 8; alignment <= 1024; alignment *= 2) {
    void* memory = Port::heapAllocate(size, alignment);
    void* behind = Port::heapAllocate(1, 8);  // so that not every one is aligned by chance
    ASSERT_TRUE(memory != nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) & (alignment - 1), 0U);  // not every core divides
    Port::heapRelease(memory, size);
    Port::heapRelease(behind, 1);
  }
  void* first = Port::heapAllocate(size, 8);
  void* second = Port::heapAllocate(size, 64);
  ASSERT_TRUE(first != nullptr);
  ASSERT_TRUE(second != nullptr);
  __builtin_memset(first, 0x11, size);
  __builtin_memset(second, 0x22, size);
  EXPECT_EQ(static_cast<unsigned char*>(first)[size - 1], 0x11);
  EXPECT_EQ(static_cast<unsigned char*>(second)[0], 0x22);
  Port::heapRelease(first, size);
  Port::heapRelease(second, size);
}

TEST(ContextConformance, TheHeapRefusesWhatItHasNot) {
  volatile std::size_t too_much = PTRDIFF_MAX / 2;
  EXPECT_TRUE(Port::heapAllocate(too_much, 8) == nullptr);
}

}  // namespace millpond::conformance
