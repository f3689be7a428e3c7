// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What every port's `Atomic` must do. Written against the port contract alone.
#include <cstdint>
#include <type_traits>

#include "Test.h"
#include "conformance/Interruption.h"
#include "millpond/port/Port.h"

namespace millpond::conformance {

namespace {

using Pointer = Port::Atomic<const char*>;

Word shared;
Pointer shared_pointer;

/// Effect: as `compareExchange`, which may fail for no reason, until there is one.
template <class A, class T>
bool exchange(A& word, T& expected, std::type_identity_t<T> desired) {
  const T before = expected;
  while (!word.compareExchange(expected, desired)) {
    if (expected != before) return false;
  }
  return true;
}

}  // namespace

TEST(AtomicConformance, StartsAtZeroOrAtItsValue) {
  EXPECT_EQ(Word{}.load(), 0U);
  EXPECT_EQ(Word{7}.load(), 7U);
  EXPECT_TRUE(Pointer{}.load() == nullptr);
}

TEST(AtomicConformance, HoldsWhatWasStored) {
  Word word;
  word.store(0x89ABCDEF);
  EXPECT_EQ(word.load(), 0x89ABCDEFU);
  EXPECT_EQ(word.loadOrdered(), 0x89ABCDEFU);
}

TEST(AtomicConformance, ExchangesOnlyWhatIsExpected) {
  Word word{5};
  std::uint32_t expected = 4;
  EXPECT_FALSE(exchange(word, expected, 9U));
  EXPECT_EQ(expected, 5U);
  EXPECT_EQ(word.load(), 5U);
  EXPECT_TRUE(exchange(word, expected, 9U));
  EXPECT_EQ(word.load(), 9U);
}

TEST(AtomicConformance, UpdateReturnsWhatWasThereBefore) {
  Word word{5};
  EXPECT_EQ(word.update([](std::uint32_t seen) { return seen * 3; }), 5U);
  EXPECT_EQ(word.load(), 15U);
  EXPECT_EQ(word.update([](std::uint32_t seen) { return seen; }), 15U);
  EXPECT_EQ(word.load(), 15U);
}

TEST(AtomicConformance, BitsTellWhichOfThemWereSet) {
  Word word{0b0011};
  EXPECT_EQ(word.setBits(0b0110), 0b0010U);
  EXPECT_EQ(word.load(), 0b0111U);
  EXPECT_EQ(word.clearBits(0b1100), 0b0100U);
  EXPECT_EQ(word.load(), 0b0011U);
  EXPECT_EQ(word.setBits(0x80000000), 0U);
  EXPECT_EQ(word.clearBits(0x80000000), 0x80000000U);
}

TEST(AtomicConformance, PointersAreWords) {
  const char* text = "pond";
  Pointer pointer;
  EXPECT_TRUE(pointer.update([text](const char*) { return text; }) == nullptr);
  const char* expected = nullptr;
  EXPECT_FALSE(exchange(pointer, expected, nullptr));
  EXPECT_TRUE(expected == text);
  EXPECT_TRUE(exchange(pointer, expected, text + 1));
  EXPECT_TRUE(pointer.load() == text + 1);
}

TEST(AtomicConformance, LosesNoUpdateToAnInterruptInAnyWindow) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    shared.store(0);
    {
      const Interruption interruption(delay,
                                      [] { shared.update([](std::uint32_t seen) { return seen + 1000; }); });
      for (int i = 0; i < 8; ++i) shared.update([](std::uint32_t seen) { return seen + 1; });
    }
    EXPECT_EQ(shared.load(), 1008U);
  }
}

TEST(AtomicConformance, LosesNoBitToAnInterruptInAnyWindow) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    shared.store(0b100);
    std::uint32_t wrong = 0;
    {
      const Interruption interruption(delay, [] {
        shared.setBits(0b10);
        shared.clearBits(0b100);
      });
      for (int i = 0; i < 4; ++i) {
        wrong += shared.setBits(0b1);
        wrong += shared.clearBits(0b1) ^ 0b1U;
      }
    }
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(shared.load(), 0b10U);
  }
}

TEST(AtomicConformance, ExchangesNothingThatAnInterruptChanged) {
  for (unsigned delay = 0; delay < windows; ++delay) {
    shared.store(0);
    {
      const Interruption interruption(delay,
                                      [] { shared.update([](std::uint32_t seen) { return seen + 1000; }); });
      for (int i = 0; i < 8; ++i) {
        std::uint32_t seen = shared.load();
        while (!shared.compareExchange(seen, seen + 1)) {
        }
      }
    }
    EXPECT_EQ(shared.load(), 1008U);
  }
}

TEST(AtomicConformance, TakesAPointerOnlyOnce) {
  static std::uint32_t taken_by_interrupt = 0;
  static const char text[] = "pond";
  for (unsigned delay = 0; delay < windows; ++delay) {
    shared_pointer.store(text);
    taken_by_interrupt = 0;
    std::uint32_t taken = 0;
    const auto take = [] {
      return shared_pointer.update([](const char*) { return static_cast<const char*>(nullptr); });
    };
    {
      const Interruption interruption(delay, [] {
        if (shared_pointer.update([](const char*) { return static_cast<const char*>(nullptr); }) != nullptr) {
          ++taken_by_interrupt;
        }
      });
      if (take() != nullptr) ++taken;
    }
    EXPECT_EQ(taken + taken_by_interrupt, 1U);
  }
}

}  // namespace millpond::conformance
