// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What a port owes tasks that run at the same time, on several cores or by a scheduler. Where there is
// neither, there is nothing to test; where threads are not std::thread, put the system's own in.
#if defined(__linux__)
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "Test.h"
#include "millpond/port/Port.h"

namespace millpond::conformance {

namespace {

using Clock = std::chrono::steady_clock;

/// Effect: waits until `flag` is true, but not for long. Returns: whether it is.
bool becomesTrue(const std::atomic<bool>& flag) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(100);
  while (!flag && Clock::now() < deadline) std::this_thread::yield();
  return flag;
}

/// Whether `hold`, which holds something while it calls what it is given, keeps a second thread out
/// meanwhile.
template <class Hold>
bool keepsOut(Hold hold) {
  std::atomic<bool> held = false;
  std::atomic<bool> wanted = false;
  std::atomic<bool> inside = false;
  bool together = false;
  std::thread other([&] {
    while (!held) std::this_thread::yield();
    wanted = true;
    hold([&] { inside = true; });
  });
  hold([&] {
    held = true;
    while (!wanted) std::this_thread::yield();
    together = becomesTrue(inside);
  });
  other.join();
  return !together && inside;
}

/// Effect: two threads call `step(thread)`, which tells whether it saw that the other one had come between,
/// until that was so often, or for half a second where there is but one processor.
template <class Step>
void interleave(Step step) {
  std::atomic<bool> done = false;
  std::atomic<int> ready = 0;
  const auto run = [&](unsigned thread) {
    ++ready;
    while (ready < 2) std::this_thread::yield();
    const auto deadline = Clock::now() + std::chrono::milliseconds(500);
    for (int meetings = 0; !done && meetings < 1000 && Clock::now() < deadline;)
      meetings += step(thread) ? 1 : 0;
    done = true;
  };
  std::thread other(run, 1U);
  run(0U);
  other.join();
}

}  // namespace

TEST(ThreadConformance, AnUpdateLosesNoneThatComesBetweenItsSteps) {
  Word word;
  std::atomic<bool> reading = false;
  std::atomic<bool> changed = false;
  std::thread other([&] {
    while (!reading) std::this_thread::yield();
    word.update([](std::uint32_t seen) { return seen + 1000; });
    changed = true;
  });
  word.update([&](std::uint32_t seen) {
    reading = true;
    becomesTrue(changed);
    return seen + 1;
  });
  other.join();
  EXPECT_EQ(word.load(), 1001U);
}

TEST(ThreadConformance, LosesNoBitOfAnotherThread) {
  Word word;
  std::array<std::uint32_t, 2> wrong{};
  interleave([&](unsigned thread) {
    const std::uint32_t mine = 1U << thread;
    const bool was_set = word.setBits(mine) != 0;
    std::this_thread::yield();
    const std::uint32_t seen = word.load();
    const bool was_cleared = word.clearBits(mine) == 0;
    std::this_thread::yield();
    const bool is_set = (word.load() & mine) != 0;
    if (was_set || (seen & mine) == 0 || was_cleared || is_set) ++wrong[thread];
    return (seen & ~mine) != 0;
  });
  EXPECT_EQ(wrong[0] + wrong[1], 0U);
}

TEST(ThreadConformance, ExchangesNothingThatAnotherThreadChanged) {
  Word word;
  std::array<std::uint32_t, 2> exchanged{};
  std::array<std::uint32_t, 2> last{};
  interleave([&](unsigned thread) {
    std::uint32_t seen = word.load();
    std::this_thread::yield();
    while (!word.compareExchange(seen, seen + 1)) continue;
    ++exchanged[thread];
    const bool met = seen != last[thread] + 1;
    last[thread] = seen;
    return met;
  });
  EXPECT_EQ(word.load(), exchanged[0] + exchanged[1]);
}

TEST(ThreadConformance, ACriticalKeepsAnotherThreadOut) {
  EXPECT_TRUE(keepsOut([](auto during) {
    const Port::Critical critical;
    during();
  }));
}

TEST(ThreadConformance, ACriticalKeepsThemOutUntilTheOutermostEnds) {
  EXPECT_TRUE(keepsOut([](auto during) {
    const Port::Critical outer;
    { const Port::Critical inner; }
    during();
  }));
}

TEST(ThreadConformance, ATaskMutexKeepsAnotherTaskOut) {
  Port::TaskMutex mutex;
  EXPECT_TRUE(keepsOut([&mutex](auto during) {
    mutex.lock();
    during();
    mutex.unlock();
  }));
}

}  // namespace millpond::conformance
#endif
