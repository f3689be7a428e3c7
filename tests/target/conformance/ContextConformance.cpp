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

TEST(ContextConformance, TheHeapGivesDistinctAlignedMemory) {
  constexpr std::size_t size = 100;
  void* first = Port::heapAllocate(size);
  void* second = Port::heapAllocate(size);
  ASSERT_TRUE(first != nullptr);
  ASSERT_TRUE(second != nullptr);
  // A 32-bit C library aligns to 8 bytes at least.
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 8, 0U);
  __builtin_memset(first, 0x11, size);
  __builtin_memset(second, 0x22, size);
  EXPECT_EQ(static_cast<unsigned char*>(first)[size - 1], 0x11);
  EXPECT_EQ(static_cast<unsigned char*>(second)[0], 0x22);
  Port::heapRelease(first);
  Port::heapRelease(second);
}

TEST(ContextConformance, TheHeapRefusesWhatItHasNot) {
  volatile std::size_t too_much = PTRDIFF_MAX / 2;
  EXPECT_TRUE(Port::heapAllocate(too_much) == nullptr);
}

}  // namespace millpond::conformance
