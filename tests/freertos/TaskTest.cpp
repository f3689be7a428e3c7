// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "DoublePort.h"
#include "millpond/port/Port.h"

namespace millpond {
namespace {

using Task = Port::Task;
using port::TaskSettings;

struct TaskTest : testing::Test {
  static constexpr std::size_t stack_bytes = 4096;
  alignas(Task::stack_alignment) static inline std::array<std::byte, stack_bytes> stack;

  static void note(void* priority) { static_cast<Word*>(priority)->store(Port::taskPriority()); }
};

TEST_F(TaskTest, RunsWhatItIsGivenAndTakesNothingFromTheHeap) {
  const std::size_t calls = freertos_double::heapCalls();
  Word priority;
  Task task;
  ASSERT_TRUE(task.start({.name = "capture", .stack = stack, .priority = 7}, note, &priority));
  task.join();
  EXPECT_EQ(priority.load(), 7U);
  EXPECT_EQ(freertos_double::heapCalls(), calls);
  EXPECT_STREQ(freertos_double::lastCreated().name, "capture");
  EXPECT_EQ(freertos_double::lastCreated().stack, stack.data());
  EXPECT_EQ(freertos_double::lastCreated().stack_bytes, stack_bytes);
}

// The double refuses to delete a task that still runs.
TEST_F(TaskTest, StartsAgainAfterEachJoin) {
  Task task;
  for (std::uint32_t round = 1; round <= 5; ++round) {
    Word priority;
    ASSERT_TRUE(task.start({.stack = stack, .priority = round}, note, &priority));
    task.join();
    EXPECT_EQ(priority.load(), round);
  }
}

TEST_F(TaskTest, IsJoinedByItsDestructor) {
  Word priority;
  {
    Task task;
    ASSERT_TRUE(task.start({.stack = stack, .priority = 3}, note, &priority));
  }
  EXPECT_EQ(priority.load(), 3U);
}

TEST_F(TaskTest, WaitsInItsJoinForTheEnd) {
  static Port::Event go;
  Word ended;
  Task task;
  ASSERT_TRUE(task.start(
      {.stack = stack},
      [](void* out) {
        go.wait(UINT64_MAX);
        static_cast<Word*>(out)->store(1);
      },
      &ended));
  EXPECT_EQ(ended.load(), 0U);
  go.notify();
  task.join();
  EXPECT_EQ(ended.load(), 1U);
}

TEST_F(TaskTest, AlignsItsStack) {
  Word priority;
  Task task;
  ASSERT_TRUE(task.start({.stack = std::span(stack).subspan(1, 3000)}, note, &priority));
  task.join();
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(freertos_double::lastCreated().stack) % Task::stack_alignment,
            0U);
  EXPECT_LE(freertos_double::lastCreated().stack_bytes, 3000U - 15U);
}

TEST_F(TaskTest, DoesNotStartWithoutAStackOrWithOneThatIsTooSmall) {
  Word priority;
  Task task;
  EXPECT_FALSE(task.start({}, note, &priority));
  EXPECT_FALSE(task.start({.stack = std::span(stack).first(7)}, note, &priority));
  EXPECT_FALSE(task.start({.stack = std::span(stack).first(Task::least_stack - 1)}, note, &priority));
  task.join();  // nothing to wait for
  EXPECT_TRUE(task.start({.stack = std::span(stack).first(Task::least_stack)}, note, &priority));
}

TEST_F(TaskTest, DoesNotStartWithAPriorityThatTheKernelLacks) {
  Word priority;
  Task task;
  EXPECT_FALSE(task.start({.stack = stack, .priority = configMAX_PRIORITIES}, note, &priority));
  EXPECT_TRUE(task.start({.stack = stack, .priority = configMAX_PRIORITIES - 1}, note, &priority));
}

TEST_F(TaskTest, DoesNotStartTwiceWithoutAJoin) {
  Word priority;
  Task task;
  ASSERT_TRUE(task.start({.stack = stack}, note, &priority));
  EXPECT_FALSE(task.start({.stack = stack}, note, &priority));
}

#if defined(ESP_PLATFORM)
TEST_F(TaskTest, RunsOnTheCoreThatItIsGiven) {
  Word priority;
  Task task;
  for (const std::int32_t core : {0, 1}) {
    ASSERT_TRUE(task.start({.stack = stack, .core = core}, note, &priority));
    task.join();
    EXPECT_EQ(freertos_double::lastCreated().core, core);
  }
  ASSERT_TRUE(task.start({.stack = stack}, note, &priority));
  EXPECT_EQ(freertos_double::lastCreated().core, tskNO_AFFINITY);
}

TEST_F(TaskTest, DoesNotStartOnACoreThatTheChipLacks) {
  Word priority;
  Task task;
  EXPECT_FALSE(task.start({.stack = stack, .core = 2}, note, &priority));
  EXPECT_FALSE(task.start({.stack = stack, .core = -2}, note, &priority));
}

TEST_F(TaskTest, DoesNotStartOnAStackInExternalMemory) {
  freertos_double::setExternalMemory(stack.data(), stack.size());
  Word priority;
  Task task;
  EXPECT_FALSE(task.start({.stack = stack}, note, &priority));
  freertos_double::setExternalMemory(nullptr, 0);
}
#endif

}  // namespace
}  // namespace millpond
