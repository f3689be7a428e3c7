// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <sys/time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <thread>

#include "millpond/port/LinuxPort.h"
#include "millpond/port/Port.h"

namespace millpond::port {
namespace {

static_assert(PortWithTasks<LinuxPort>);

/// While one lives, SIGALRM is an interrupt that calls `handler`.
class Signal {
 public:
  explicit Signal(void (*handler)()) {
    wanted = handler;
    struct sigaction action {};
    action.sa_handler = [](int) {
      const LinuxPort::InterruptScope scope;
      wanted();
    };
    sigaction(SIGALRM, &action, &before_);
  }
  ~Signal() { sigaction(SIGALRM, &before_, nullptr); }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

 private:
  static inline void (*wanted)() = nullptr;
  struct sigaction before_ {};
};

TEST(LinuxPort, AtomicWordsNeedNoLock) {
  static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
  static_assert(std::atomic<void*>::is_always_lock_free);
  static_assert(sizeof(Word) == 4);
}

TEST(LinuxPort, AWordStartsAtZero) {
  const LinuxPort::Atomic<std::uint32_t> word;
  EXPECT_EQ(word.load(), 0U);
}

TEST(LinuxPort, SettingAndClearingBitsTellsWhichWereSet) {
  Word word(0b0101);
  EXPECT_EQ(word.setBits(0b0110), 0b0100U);
  EXPECT_EQ(word.load(), 0b0111U);
  EXPECT_EQ(word.clearBits(0b1001), 0b0001U);
  EXPECT_EQ(word.load(), 0b0110U);
}

TEST(LinuxPort, CompareExchangeReadsTheWordWhereItDiffers) {
  Word word(5);
  std::uint32_t expected = 4;
  EXPECT_FALSE(word.compareExchange(expected, 9));
  EXPECT_EQ(expected, 5U);
  while (!word.compareExchange(expected, 9)) EXPECT_EQ(expected, 5U) << "may fail without cause, never lie";
  EXPECT_EQ(word.load(), 9U);
}

TEST(LinuxPort, UpdateReturnsWhatWasThereBefore) {
  Word word(5);
  EXPECT_EQ(word.update([](std::uint32_t seen) { return seen + 1; }), 5U);
  EXPECT_EQ(word.load(), 6U);
  EXPECT_EQ(word.update([](std::uint32_t seen) { return seen; }), 6U);
}

TEST(LinuxPort, DrivenTicksReplaceTheClockUntilHandedBack) {
  LinuxPort::driveTicks(123);
  EXPECT_EQ(LinuxPort::ticks(), 123U);
  LinuxPort::driveTicks(0);
  EXPECT_NE(LinuxPort::systemTicks(), 0U);
  const std::uint32_t before = LinuxPort::systemTicks();
  const std::uint32_t now = LinuxPort::ticks();
  EXPECT_LE(now - before, LinuxPort::systemTicks() - before);
}

TEST(LinuxPort, ADrivenClockIsHandedBackAtNoMicrosecond) {
  for (const std::uint64_t micros :
       {std::uint64_t{0}, std::uint64_t{0xFFFFFFFF} << 16U, ~std::uint64_t{0} << 16U, ~std::uint64_t{0}}) {
    LinuxPort::driveMicros(micros);
    EXPECT_EQ(LinuxPort::micros(), micros);
    EXPECT_EQ(LinuxPort::ticks(), static_cast<std::uint32_t>(micros >> 16U) + 1);
  }
  LinuxPort::driveTicks(0);
  EXPECT_NE(LinuxPort::micros(), ~std::uint64_t{0});
}

TEST(LinuxPort, ASignalComesInAfterTheOutermostCritical) {
  static std::atomic<int> came = 0;
  const Signal signal([] {
    const LinuxPort::Critical critical;
    ++came;
  });
  {
    const LinuxPort::Critical outer;
    {
      const LinuxPort::Critical inner;
      raise(SIGALRM);
      EXPECT_EQ(came, 0);
    }
    EXPECT_EQ(came, 0);
  }
  EXPECT_EQ(came, 1);
  raise(SIGALRM);
  EXPECT_EQ(came, 2) << "signals stay blocked";
}

// Were there a lock in it, a signal would soon come while the thread holds it, and never end.
TEST(LinuxPort, ASignalMayNotifyTheThreadThatItInterrupts) {
  static LinuxPort::Event event;
  static std::atomic<int> came = 0;
  const Signal signal([] {
    event.notify();
    ++came;
  });
  const itimerval often{.it_interval = {0, 73}, .it_value = {0, 73}};
  setitimer(ITIMER_REAL, &often, nullptr);
  while (came < 500) {
    event.notify();
    EXPECT_TRUE(event.wait(UINT64_MAX));
  }
  const itimerval never{};
  setitimer(ITIMER_REAL, &never, nullptr);
}

TEST(LinuxPort, AWaitLastsAsLongWhileTheClockIsDriven) {
  LinuxPort::driveMicros(1'000'000);
  LinuxPort::Event event;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(event.wait(LinuxPort::micros() + 20'000));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(20));
  EXPECT_FALSE(event.wait(LinuxPort::micros()));
  LinuxPort::driveTicks(0);
}

TEST(LinuxPort, AThreadIsInAnInterruptOnlyInsideItsOwnScopes) {
  EXPECT_FALSE(LinuxPort::inInterrupt());
  {
    const LinuxPort::InterruptScope outer;
    {
      const LinuxPort::InterruptScope nested;
      EXPECT_TRUE(LinuxPort::inInterrupt());
    }
    EXPECT_TRUE(LinuxPort::inInterrupt());
    std::thread([] { EXPECT_FALSE(LinuxPort::inInterrupt()); }).join();
  }
  EXPECT_FALSE(LinuxPort::inInterrupt());
}

TEST(LinuxPort, ItsHeapGivesAlignedMemoryOrNullptr) {
  for (std::size_t alignment = 8; alignment <= 65'536; alignment *= 2) {
    void* memory = LinuxPort::heapAllocate(100, alignment);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0U);
    std::memset(memory, 1, 100);
    LinuxPort::heapRelease(memory, 100);
  }
  volatile std::size_t too_much = PTRDIFF_MAX / 2;
  EXPECT_EQ(LinuxPort::heapAllocate(too_much, 4096), nullptr);
}

}  // namespace
using Task = LinuxPort::Task;

void note(void* done) { static_cast<StdAtomic<std::uint32_t>*>(done)->store(LinuxPort::taskPriority()); }

TEST(LinuxTask, RunsWhatItIsGivenAndIsJoined) {
  StdAtomic<std::uint32_t> done;
  Task task;
  ASSERT_TRUE(task.start({.name = "a name that is too long", .priority = 7}, note, &done));
  task.join();
  EXPECT_EQ(done.load(), 7U);
  ASSERT_TRUE(task.start({.priority = 9}, note, &done));
  task.join();
  EXPECT_EQ(done.load(), 9U);
}

TEST(LinuxTask, RunsOnTheStackThatItIsGiven) {
  alignas(64) static std::array<std::byte, 1U << 21U> stack;  // a sanitizer wants much of it
  const std::byte* place = nullptr;
  Task task;
  ASSERT_TRUE(task.start(
      {.stack = stack},
      [](void* out) {
        *static_cast<const std::byte**>(out) = static_cast<const std::byte*>(__builtin_frame_address(0));
      },
      &place));
  task.join();
  EXPECT_GE(place, stack.data());
  EXPECT_LT(place, stack.data() + stack.size());
}

TEST(LinuxTask, DoesNotStartAgainBeforeItIsJoined) {
  StdAtomic<std::uint32_t> done;
  Task task;
  ASSERT_TRUE(task.start({.priority = 7}, note, &done));
  EXPECT_FALSE(task.start({.priority = 9}, note, &done));
  task.join();
  EXPECT_EQ(done.load(), 7U);
}

TEST(LinuxTask, DoesNotStartOnAStackThatIsTooSmall) {
  alignas(64) static std::array<std::byte, 64> stack;
  StdAtomic<std::uint32_t> done;
  Task task;
  EXPECT_FALSE(task.start({.stack = stack}, note, &done));
  task.join();  // nothing to wait for
  EXPECT_EQ(done.load(), 0U);
}

}  // namespace millpond::port
