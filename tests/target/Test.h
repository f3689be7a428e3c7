// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// GoogleTest's way to write tests, for boards, which cannot have it; on a host it is GoogleTest itself.
#if !defined(MILLPOND_BOARD)
#include <gtest/gtest.h>
#else

#include <type_traits>

#include "board/Console.h"

namespace testing {

/// A test, and the list of all of them.
class Test {
 public:
  Test(const char* suite, const char* name, void (*body)());

  /// Effect: runs every test, prints those that fail and a closing line. Returns: how many failed.
  static int runAll();

  /// Effect: notes that the running test failed, and prints where.
  static void fail(const char* file, int line);

 private:
  Test* next_ = nullptr;
  const char* suite_;
  const char* name_;
  void (*body_)();
};

template <class T>
void show(const char* text, const T& value) {
  if constexpr (std::is_enum_v<T>) {
    console::print("  ", text, " = ", static_cast<std::uint32_t>(value), "\n");
  } else if constexpr (requires { console::put(value); }) {
    console::print("  ", text, " = ", value, "\n");
  }
}

template <class A, class B, class Holds>
bool expect(const A& a, const B& b, Holds holds, const char* a_text, const char* b_text, const char* file,
            int line) {
  if (holds(a, b)) return true;
  Test::fail(file, line);
  show(a_text, a);
  show(b_text, b);
  return false;
}

}  // namespace testing

#define TEST(suite, name)                                                                  \
  static void test_##suite##_##name();                                                     \
  static testing::Test registered_##suite##_##name(#suite, #name, &test_##suite##_##name); \
  static void test_##suite##_##name()

#define MILLPOND_EXPECT(a, op, b)                                                                      \
  testing::expect((a), (b), [](const auto& left, const auto& right) { return left op right; }, #a, #b, \
                  __FILE__, __LINE__)

#define EXPECT_EQ(a, b) MILLPOND_EXPECT(a, ==, b)
#define EXPECT_NE(a, b) MILLPOND_EXPECT(a, !=, b)
#define EXPECT_LT(a, b) MILLPOND_EXPECT(a, <, b)
#define EXPECT_LE(a, b) MILLPOND_EXPECT(a, <=, b)
#define EXPECT_GT(a, b) MILLPOND_EXPECT(a, >, b)
#define EXPECT_GE(a, b) MILLPOND_EXPECT(a, >=, b)
#define EXPECT_TRUE(a) MILLPOND_EXPECT(static_cast<bool>(a), ==, true)
#define EXPECT_FALSE(a) MILLPOND_EXPECT(static_cast<bool>(a), ==, false)

#define ASSERT_EQ(a, b) \
  if (!EXPECT_EQ(a, b)) return
#define ASSERT_NE(a, b) \
  if (!EXPECT_NE(a, b)) return
#define ASSERT_TRUE(a) \
  if (!EXPECT_TRUE(a)) return

#endif
