// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a task shows only under the real scheduler: the joiner is more or less urgent than it.
#include <cstddef>

#include "Test.h"
#include "millpond/port/Port.h"

namespace millpond::task_tests {

alignas(16) std::byte stack[2048];
Word runs;

TEST(Task, IsJoinedWhetherItIsMoreOrLessUrgent) {
  const std::size_t free_bytes = Port::heapFreeBytes();
  Port::Task task;
  runs.store(0);
  for (std::uint32_t round = 0; round < 100; ++round) {
    const std::uint32_t priority = 1 + round % 4;
    EXPECT_TRUE(task.start(
        {.name = "round", .stack = stack, .priority = priority},
        [](void*) { runs.update([](std::uint32_t seen) { return seen + 1; }); }, nullptr));
    task.join();
    EXPECT_EQ(runs.load(), round + 1);
  }
  EXPECT_EQ(Port::heapFreeBytes(), free_bytes);
}

// The woken task is more urgent, so the kernel switches to it when the Critical ends; on RISC-V at once.
TEST(Task, RunsAtOnceWhenItIsNotifiedWithinACritical) {
  static Port::Event go;
  Port::Task task;
  runs.store(0);
  EXPECT_TRUE(task.start(
      {.name = "urgent", .stack = stack, .priority = 4},
      [](void*) {
        go.wait(UINT64_MAX);
        runs.store(1);
      },
      nullptr));
  std::uint32_t within = 0;
  {
    const Port::Critical critical;
    go.notify();
    within = runs.load();
  }
#if defined(__riscv)
  EXPECT_EQ(within, 1U);
#else
  EXPECT_EQ(within, 0U);
#endif
  EXPECT_EQ(runs.load(), 1U);
  task.join();
}

}  // namespace millpond::task_tests
