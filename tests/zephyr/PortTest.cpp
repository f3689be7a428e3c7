// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What the port for Zephyr promises beyond the contract, on the double.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <thread>

#include "DoublePort.h"
#include "millpond/port/Port.h"

namespace millpond {
namespace {

using port::TaskSettings;
using zephyr_double::InterruptScope;
using zephyr_double::lastCreated;
using Task = Port::Task;

static_assert(port::PortWithTasks<Port>);
static_assert(port::KernelTicks<100>::microsOf(100) == 1'000'000);
static_assert(port::KernelTicks<32'768>::microsOf(32'768) == 1'000'000);
static_assert(port::KernelTicks<32'768>::until(1'000'001, 1) == 32'768);
static_assert(port::KernelTicks<32'768>::until(2, 1) == 1 && port::KernelTicks<100>::until(2, 2) == 0);

class ZephyrPortTest : public testing::Test {
 protected:
  void TearDown() override { zephyr_double::releaseClock(); }

  alignas(Task::stack_alignment) static inline std::array<std::byte, 4096> stack;
};

TEST_F(ZephyrPortTest, TheKernelSwitchesToANotifiedThreadAtTheEndOfTheOutermostCritical) {
  Port::Event event;
  {
    const Port::Critical outer;
    {
      const Port::Critical inner;
      event.notify();
    }
    EXPECT_TRUE(zephyr_double::switchIsDue());
  }
  EXPECT_FALSE(zephyr_double::switchIsDue());
  EXPECT_TRUE(event.wait(0));
}

TEST_F(ZephyrPortTest, ACriticalLeavesTheSwitchToAnInterruptLockOfTheCaller) {
  Port::Event event;
  const unsigned key = irq_lock();
  event.notify();
  EXPECT_TRUE(zephyr_double::switchIsDue());
  irq_unlock(key);
  { const Port::Critical next; }
  EXPECT_FALSE(zephyr_double::switchIsDue());
}

// The double refuses a lock of the scheduler there.
TEST_F(ZephyrPortTest, AnInterruptMayNotify) {
  Port::Event event;
  std::thread([&] {
    const InterruptScope interrupt;
    const Port::Critical critical;
    event.notify();
  }).join();
  EXPECT_TRUE(event.wait(UINT64_MAX));
}

TEST_F(ZephyrPortTest, AWaitLongerThanThirtyTwoBitsOfMicrosecondsEndsAtItsDeadline) {
  constexpr std::uint64_t longest = 12'000'000'000;
  zephyr_double::driveMicros(1'000'000);
  Port::Event event;
  std::atomic<bool> ended = false;
  std::thread waiter([&] {
    EXPECT_FALSE(event.wait(1'000'000 + longest));
    EXPECT_GE(Port::micros(), 1'000'000 + longest);
    ended = true;
  });
  for (std::uint64_t step = 1; !ended; ++step) {
    zephyr_double::driveMicros(1'000'000 + step * longest / 6);
    std::this_thread::yield();
  }
  waiter.join();
}

TEST_F(ZephyrPortTest, TicksFollowTheClock) {
  zephyr_double::driveMicros(std::uint64_t{1'000} << 16U);
  const std::uint32_t before = Port::ticks();
  zephyr_double::driveMicros((std::uint64_t{1'010} << 16U) + 100);
  EXPECT_EQ(Port::ticks(), before + 10);
}

// In a process of its own, since nothing ends it.
TEST_F(ZephyrPortTest, TicksFollowWhoeverDrivesThem) {
  const auto drive = [] {
    zephyr_double::driveMicros(std::uint64_t{1'000} << 16U);
    port::ZephyrPort::driveTicks();
    const std::uint32_t before = Port::ticks();
    zephyr_double::driveMicros((std::uint64_t{1'010} << 16U) + 100);
    const bool stays = Port::ticks() == before;
    port::ZephyrPort::driveTicks();
    std::_Exit(stays && Port::ticks() == before + 10 ? 0 : 1);
  };
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(drive(), testing::ExitedWithCode(0), "");
}

TEST_F(ZephyrPortTest, TheHeapTellsItsFreeBytes) { EXPECT_EQ(Port::heapFreeBytes(), 70'000U); }

TEST_F(ZephyrPortTest, ATaskRunsWithTheUrgencyAndTheNameThatItIsGiven) {
  struct Seen {
    std::uint32_t priority = 0;
    const char* name = nullptr;
  } seen;
  const auto look = [](void* out) { *static_cast<Seen*>(out) = {Port::taskPriority(), Port::taskName()}; };
  Task task;
  for (const std::uint32_t priority : {1U, 7U, Task::most_urgent}) {  // again after each join
    ASSERT_TRUE(task.start({.name = "capture", .stack = stack, .priority = priority}, look, &seen));
    task.join();
    EXPECT_EQ(seen.priority, priority);
    EXPECT_STREQ(seen.name, "capture");
    EXPECT_EQ(lastCreated().priority, K_LOWEST_THREAD_PRIO - static_cast<int>(priority));
  }
}

TEST_F(ZephyrPortTest, ATaskAlignsItsStackAndLeavesRoomForTheKernelsPart) {
  Task task;
  ASSERT_TRUE(task.start(
      {.stack = std::span(stack).subspan(1, 3000)}, [](void*) {}, nullptr));
  task.join();
  EXPECT_EQ(lastCreated().stack, stack.data() + Task::stack_alignment);
  EXPECT_EQ(lastCreated().stack_bytes, 2944 - K_KERNEL_STACK_RESERVED);
}

TEST_F(ZephyrPortTest, ATaskRunsOnTheCoreThatItIsGiven) {
  Task task;
  for (const std::int32_t core : {TaskSettings::any_core, 0, 1}) {
    ASSERT_TRUE(task.start(
        {.stack = stack, .core = core}, [](void*) {}, nullptr));
    task.join();
    EXPECT_EQ(lastCreated().cpu, core);
  }
}

TEST_F(ZephyrPortTest, ATaskDoesNotStartWithWhatTheKernelCannotGive) {
  Task task;
  const auto starts = [&](const TaskSettings& settings) {
    return task.start(
        settings, [](void*) {}, nullptr);
  };
  EXPECT_FALSE(starts({}));
  EXPECT_FALSE(starts({.stack = std::span(stack).first(Task::least_stack - 1)}));
  EXPECT_FALSE(starts({.stack = stack, .priority = 0}));
  EXPECT_FALSE(starts({.stack = stack, .priority = Task::most_urgent + 1}));
  EXPECT_FALSE(starts({.stack = stack, .core = 2}));
  EXPECT_FALSE(starts({.stack = stack, .core = -2}));
  task.join();  // nothing to wait for
  EXPECT_TRUE(starts({.stack = std::span(stack).first(Task::least_stack)}));
  EXPECT_FALSE(starts({.stack = stack}));  // not joined
}

}  // namespace
}  // namespace millpond
