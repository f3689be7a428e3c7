// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Runs the tests in a task.
#include <gtest/gtest.h>

#include "DoublePort.h"

#if !defined(ESP_PLATFORM)
extern "C" void vApplicationTickHook() { millpond::port::FreeRtosPort::driveTicks(); }
#endif

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  return freertos_double::run([] { return RUN_ALL_TESTS(); });
}
