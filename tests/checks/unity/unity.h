// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// A double of what test_apps/ uses of Unity.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

inline int unity_tests = 0;

#define TEST_ASSERT_TRUE(condition) \
  if (!(condition)) std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition), std::exit(1)
#define TEST_ASSERT_FALSE(condition) TEST_ASSERT_TRUE(!(condition))
#define TEST_ASSERT_NULL(pointer) TEST_ASSERT_TRUE((pointer) == nullptr)
#define TEST_ASSERT_NOT_NULL(pointer) TEST_ASSERT_TRUE((pointer) != nullptr)
#define TEST_ASSERT_EQUAL_UINT32(expected, actual) \
  TEST_ASSERT_TRUE(static_cast<std::uint32_t>(expected) == static_cast<std::uint32_t>(actual))
#define UNITY_BEGIN() unity_tests = 0
#define RUN_TEST(test) test(), ++unity_tests
#define UNITY_END() std::printf("%d Tests 0 Failures 0 Ignored\nOK\n", unity_tests)

extern "C" void app_main();
int main() { app_main(); }
