// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "millpond/MemoryManager.h"

namespace millpond::test {

/// A test with a device's memory of its own, which at the end is all free and never reached the heap.
class DeviceFixture : public ::testing::Test {
 protected:
  void TearDown() override { expectAllFree(*memory_); }

  static void expectAllFree(const MemoryManager& memory) {
    const MemoryStats stats = memory.stats();
    EXPECT_TRUE(memory.leaks().begin() == std::default_sentinel);
    EXPECT_EQ(stats.heap.allocations, 0U);
    EXPECT_EQ(stats.audio.exhausted + stats.network.exhausted + stats.general.exhausted, 0U);
    EXPECT_EQ(stats.audio.rejected + stats.network.rejected + stats.general.rejected + stats.heap.rejected,
              0U);
  }

  StaticMemoryManager<>& memory() { return *memory_; }

 private:
  std::unique_ptr<StaticMemoryManager<>> memory_ = std::make_unique<StaticMemoryManager<>>();
};

}  // namespace millpond::test
