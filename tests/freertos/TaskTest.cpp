// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <thread>
#include <type_traits>

#include "DoublePort.h"
#include "millpond.h"
#include "millpond/account/Ledger.h"

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

#if CONFIG_MILLPOND_TASK_NAMES
using NamingManager = StaticMemoryManager<MemoryConfig{}>;

std::string holderOf(const MemoryManager& memory, const void* pointer) {
  for (const LiveBlock& block : memory.liveBlocks())
    if (block.address == pointer) return block.task.text();
  return "not held";
}

struct Taker {
  NamingManager& memory;
  void* block = nullptr;
  static void run(void* self) {
    auto& taker = *static_cast<Taker*>(self);
    taker.block = taker.memory.allocateAudioBuffer(100, "taker");
  }
};

TEST_F(TaskTest, ABlockKeepsTheNameOfItsTaskAfterTheTaskIsGone) {
  static NamingManager memory;
  Taker taker{memory};
  std::array<char, 32> name{"capture"};
  {
    Task task;
    ASSERT_TRUE(task.start({.name = name.data(), .stack = stack}, &Taker::run, &taker));
  }
  name = {"another"};
  EXPECT_EQ(holderOf(memory, taker.block), "capture");
  memory.deallocate(taker.block);
  {
    Task task;
    ASSERT_TRUE(task.start({.name = "a name of 20 letters", .stack = stack}, &Taker::run, &taker));
  }
  EXPECT_EQ(holderOf(memory, taker.block), "a name of 20 le");
  memory.deallocate(taker.block);
}

TEST_F(TaskTest, ABlockTellsThatAnInterruptOrTheStartupTookIt) {
  static NamingManager memory;
  {
    const freertos_double::InterruptScope interrupt;
    void* block = memory.allocateGeneralBuffer(1, "isr");
    EXPECT_EQ(holderOf(memory, block), "(interrupt)");
    memory.deallocate(block);
  }
  const freertos_double::NotStarted before;
  void* block = memory.allocateNetworkBuffer(1, "constructor");
  EXPECT_EQ(holderOf(memory, block), "(startup)");
  memory.deallocate(block);
}

TEST_F(TaskTest, ABlockOfTheHeapAndASuspectedLeakNameTheTask) {
  static NamingManager memory;
  static EventBus bus(memory);
  static StaticLeakWatch<MemoryConfig{}> watch(memory, &bus);
  static std::string suspect;
  const auto hear = [](void*, const Event& event) { suspect = event.as<LeakSuspected>()->task.text(); };
  ASSERT_TRUE(bus.subscribe(LeakSuspected::event, hear, EventPriority::normal, nullptr));
  const auto letPass = [](std::uint32_t ticks) {  // until the tick interrupt has come
    freertos_double::driveMicros(std::uint64_t{ticks} << 16U);
    while (Port::ticks() != ticks) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  letPass(1'000'000);
  void* block = memory.allocateAudioBuffer(5000, "heap");
  EXPECT_EQ(holderOf(memory, block), "main");
  watch.setAge(1);
  watch.poll();
  letPass(1'000'100);
  watch.poll();
  bus.processEvents();
  freertos_double::releaseClock();
  EXPECT_EQ(suspect, "main");
  memory.deallocate(block);
}
#else
// What is not kept takes no room.
struct PlainEntry {
  SourceTag source;
  Holding holding;
  Word since;
  Word generation;
};
static_assert(sizeof(Ledger::Entry) == sizeof(PlainEntry));
static_assert(std::is_empty_v<TaskName> && std::is_empty_v<TaskTag>);
#endif

}  // namespace
}  // namespace millpond
