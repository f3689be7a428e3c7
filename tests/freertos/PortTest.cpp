// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What the ports for FreeRTOS and ESP-IDF promise beyond the contract, on the double.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "DoublePort.h"
#include "millpond.h"
#include "millpond/TraceStream.h"
#include "millpond/port/TaskLock.h"

namespace millpond {
namespace {

using freertos_double::InterruptScope;
using freertos_double::NotStarted;

static_assert(port::PortWithTasks<Port>);

class FreeRtosPortTest : public testing::Test {
 protected:
  void TearDown() override { freertos_double::releaseClock(); }
};
using FreeRtosPortDeathTest = FreeRtosPortTest;

TEST_F(FreeRtosPortTest, AMutexDoesNothingBeforeTheSchedulerStarts) {
  Port::TaskMutex mutex;
  {
    const NotStarted before;
    const port::TaskLock lock(mutex);
    const port::TaskLock again(mutex);
  }
  const port::TaskLock lock(mutex);
}

TEST_F(FreeRtosPortTest, AManagerServesBeforeTheSchedulerStarts) {
  const NotStarted before;
  StaticMemoryManager<MemoryConfig{.audio_reclaimable = true}> memory;
  Buffer block = memory.audioBuffer(4096, "early");
  EXPECT_TRUE(block);
  EXPECT_FALSE(memory.stats().audio.released);
  EXPECT_EQ(Port::taskPriority(), 0U);
}

TEST_F(FreeRtosPortTest, ATaskHasThePriorityThatTheKernelGivesIt) {
  freertos_double::setPriority(7);
  EXPECT_EQ(Port::taskPriority(), 7U);
  freertos_double::setPriority(1);
}

TEST_F(FreeRtosPortTest, AnInterruptsNotificationAsksForASwitch) {
  Port::Event event;
  std::thread waiter([&] { EXPECT_TRUE(event.wait(UINT64_MAX)); });
  const std::size_t missed = freertos_double::missedYields();
  std::thread interrupt([&] {
    const InterruptScope scope;
    const Port::Critical critical;
    event.notify();
  });
  interrupt.join();
  waiter.join();
  EXPECT_EQ(freertos_double::missedYields(), missed);
}

TEST_F(FreeRtosPortTest, AnEventMayBeNotifiedBeforeTheSchedulerStarts) {
  Port::Event event;
  {
    const NotStarted before;
    event.notify();
  }
  EXPECT_TRUE(event.wait(0));
}

TEST_F(FreeRtosPortTest, TheClockSurvivesTheOverflowOfTheTickCount) {
  for (const std::uint64_t overflows : {1U, 2U, 1'000U}) {
    const std::uint64_t at = (overflows << (8 * sizeof(TickType_t))) * 1'000'000U / configTICK_RATE_HZ;
    freertos_double::driveMicros(at - 10'000);
    EXPECT_LE(Port::micros(), at - 10'000);
    EXPECT_GT(Port::micros(), at - 20'000);
    freertos_double::driveMicros(at);
    EXPECT_EQ(Port::micros(), at);
  }
}

// The tick interrupt drives the word, at the latest with its next tick.
TEST_F(FreeRtosPortTest, TicksFollowTheClockWithTheTickInterrupt) {
  freertos_double::driveMicros(std::uint64_t{1'000'000} << 16U);
  const std::uint32_t before = Port::ticks();
  freertos_double::driveMicros(std::uint64_t{1'000'100} << 16U);
  for (int look = 0; look < 5000 && Port::ticks() - before < 100; ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_GE(Port::ticks(), 1'000'100U);
  EXPECT_LE(Port::ticks(), 1'000'101U);
}

TEST_F(FreeRtosPortTest, AWaitLongerThanThirtyTwoBitsOfMicrosecondsEndsAtItsDeadline) {
  constexpr std::uint64_t longest = 12'000'000'000;
  static_assert(longest > std::uint64_t{2} << 32U);
  freertos_double::driveMicros(1'000'000);
  Port::Event event;
  std::atomic<bool> ended = false;
  std::thread waiter([&] {
    EXPECT_FALSE(event.wait(1'000'000 + longest));
    EXPECT_GE(Port::micros(), 1'000'000 + longest);
    ended = true;
  });
  // On and on: a wait counts from the moment at which it begins, which may be after the deadline.
  for (std::uint64_t step = 1; !ended; ++step) {
    freertos_double::driveMicros(1'000'000 + step * longest / 6);
    std::this_thread::yield();
  }
  waiter.join();
}

TEST_F(FreeRtosPortDeathTest, ATaskMayNotWaitBeforeTheSchedulerStarts) {
  const NotStarted before;
  Port::Event event;
  EXPECT_DEATH(event.wait(UINT64_MAX), "before the scheduler has started");
}

TEST_F(FreeRtosPortDeathTest, AnInterruptMayNotWait) {
  const InterruptScope interrupt;
  const auto wait = [] {
    Port::Event event;
    event.wait(UINT64_MAX);
  };
  EXPECT_DEATH(wait(), "in an interrupt");
}

TEST_F(FreeRtosPortDeathTest, AnInterruptMayNotLock) {
  Port::TaskMutex mutex;
  const auto lock = [&] {
    const InterruptScope interrupt;
    mutex.lock();
  };
  EXPECT_DEATH(lock(), "in an interrupt");
}

TEST_F(FreeRtosPortDeathTest, NobodyMayWaitWithinACritical) {
  Port::Event event;
  const auto wait = [&] {
    const Port::Critical critical;
    event.wait(UINT64_MAX);
  };
  EXPECT_DEATH(wait(), "in a critical section");
}

TEST_F(FreeRtosPortDeathTest, AnInterruptMayNotUseTheHeap) {
  const auto allocate = [] {
    const InterruptScope interrupt;
    Port::heapRelease(Port::heapAllocate(8, 8), 8);
  };
  EXPECT_DEATH(allocate(), "the heap in an interrupt");
}

// The library asks nothing of the kernel that an interrupt may not.
TEST_F(FreeRtosPortTest, AnInterruptMayTakeAndGiveBlocksAndWakeAWaiter) {
  static StaticMemoryManager<MemoryConfig{.network_buffer_pool_size = 1, .max_heap_allocation = 0}> memory;
  void* held = memory.allocateNetworkBuffer(1, "holder");
  std::thread waiter([] {
    void* block = memory.allocateNetworkBuffer(1, "waiter", MemoryManager::wait_forever);
    EXPECT_NE(block, nullptr);
    memory.deallocate(block);
  });
  while (memory.stats().network.waiting == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::thread([held] {
    const InterruptScope interrupt;
    memory.deallocate(memory.allocateAudioBuffer(100, "interrupt"));
    EXPECT_EQ(memory.allocateNetworkBuffer(100, "interrupt"), nullptr);
    memory.deallocate(held);
  }).join();
  waiter.join();
}

TEST_F(FreeRtosPortTest, TheHeapTellsItsFreeBytesBeforeItsFirstAllocation) {
  freertos_double::forgetHeap();
  ASSERT_NE(platform_heap.freeBytes, nullptr);
  EXPECT_EQ(platform_heap.freeBytes(nullptr), 100'000U);
  EXPECT_EQ(platform_heap.largestFreeBlock(nullptr), 60'000U);
}

#if !defined(ESP_PLATFORM)
TEST_F(FreeRtosPortTest, ARequestThatAHookOfTheProgramTellsOfIsCounted) {
  EXPECT_FALSE(HeapWatch::begin(nullptr));
  const std::uint32_t before = HeapWatch::failures();
  HeapWatch::tell(100);  // as from vApplicationMallocFailedHook
  EXPECT_EQ(HeapWatch::failures(), before + 1);
}

TEST_F(FreeRtosPortTest, AnExhaustedHeapIsNotAskedForItsFreeBytesByAnAllocation) {
  platform_heap.release(nullptr, platform_heap.allocate(nullptr, 8, 8), 8);
  freertos_double::exhaustHeap(true);
  const std::size_t calls = freertos_double::heapCalls();
  EXPECT_EQ(platform_heap.freeBytes(nullptr), 0U);
  EXPECT_EQ(freertos_double::heapCalls(), calls);
  freertos_double::exhaustHeap(false);
}
#endif

TEST_F(FreeRtosPortTest, TheHeapRefusesASizeThatWraps) {
  volatile std::size_t too_much = SIZE_MAX - 4;
  EXPECT_EQ(Port::heapAllocate(too_much, 64), nullptr);
}

#if defined(ESP_PLATFORM)
TEST_F(FreeRtosPortTest, EachCoreRecordsInARingOfItsOwn) {
  StaticMemoryManager<> memory;
  alignas(4) std::byte room[2048];
  TraceStream trace(
      memory, room,
      {.write = [](void*, TraceSink::Part, std::span<const std::byte>) { return true; }, .context = nullptr});
  ASSERT_TRUE(trace.recording());
  void* const block = memory.allocateAudioBuffer(1, "first core");
  EXPECT_NE(trace_rings.ring[0].oldest(), nullptr);
  EXPECT_EQ(trace_rings.ring[1].oldest(), nullptr);
  freertos_double::setCore(1);
  memory.deallocate(block);
  freertos_double::setCore(0);
  EXPECT_NE(trace_rings.ring[1].oldest(), nullptr);
  EXPECT_EQ(trace.drain(), 2U);
}

TEST_F(FreeRtosPortTest, ARequestThatTheHeapRefusesIsCountedAndPublished) {
  static StaticMemoryManager<> memory;
  static EventBus bus(memory);
  static std::vector<HeapFailed> failed;
  const auto onFailed = [](void*, const Event& event) { failed.push_back(*event.as<HeapFailed>()); };
  ASSERT_TRUE(bus.subscribe(HeapFailed::event, onFailed, EventPriority::critical, nullptr));
  ASSERT_TRUE(HeapWatch::begin(&bus));
  const std::uint32_t before = HeapWatch::failures();

  freertos_double::exhaustHeap(true);
  EXPECT_EQ(heap_caps_aligned_alloc(8, 1436, MALLOC_CAP_DMA), nullptr);   // somebody else
  EXPECT_EQ(memory.allocateNetworkBuffer(30'000, "too large"), nullptr);  // Millpond's fallback
  freertos_double::exhaustHeap(false);
  memory.deallocate(memory.allocateNetworkBuffer(30'000, "served by the heap"));  // tells nothing
  bus.processEvents();

  EXPECT_EQ(HeapWatch::failures(), before + 2);
  ASSERT_EQ(failed.size(), 2U);
  EXPECT_EQ(failed[0].bytes, 1436U);
  EXPECT_EQ(failed[0].capability, std::uint32_t{MALLOC_CAP_DMA});
  EXPECT_STREQ(failed[0].caller, "heap_caps_aligned_alloc");
  EXPECT_EQ(failed[1].bytes, 30'000U);
  ASSERT_TRUE(HeapWatch::begin(nullptr));
}

TEST_F(FreeRtosPortTest, AsksTheHeapForAnAlignedBlockOnlyBeyondTheHeapsOwnAlignment) {
  static std::vector<std::string> asked;
  const auto hear = [](std::size_t, std::uint32_t, const char* function) { asked.emplace_back(function); };
  ASSERT_TRUE(Port::onHeapFailure(hear));
  freertos_double::exhaustHeap(true);
  EXPECT_EQ(Port::heapAllocate(100, Port::heap_alignment), nullptr);
  EXPECT_EQ(Port::heapAllocate(100, 2 * Port::heap_alignment), nullptr);
  freertos_double::exhaustHeap(false);
  EXPECT_EQ(asked, (std::vector<std::string>{"heap_caps_malloc", "heap_caps_aligned_alloc"}));
  ASSERT_TRUE(HeapWatch::begin(nullptr));
}

using port::EspIdfCapability;

static_assert(EspIdfCapability::of<MALLOC_CAP_DMA | MALLOC_CAP_INTERNAL>() ==
              (MALLOC_CAP_DMA | MALLOC_CAP_INTERNAL));

template <std::uint32_t capability>
void expectPoolWith(std::uint32_t asked) {
  static StaticMemoryManager<MemoryConfig{
      .more = {{{.name = "own",
                 .blocks = 2,
                 .block_size = 64,
                 .place = Place::heap(EspIdfCapability::of<capability>())}}}}>
      memory;
  EXPECT_EQ(freertos_double::lastCapability(), asked);
  void* block = memory.allocatePoolOnly(poolIdOf(3), 64, "own");
  ASSERT_NE(block, nullptr);
  const bool shared = (capability & (MALLOC_CAP_DMA | MALLOC_CAP_SPIRAM)) != 0;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % (shared ? EspIdfCapability::cache_line : 8), 0U);
  memory.deallocate(block);
}

// Memory that takes no single bytes is in the chip too, and would be given once the other is used up.
TEST_F(FreeRtosPortTest, APoolGetsMemoryWithItsCapabilityThatTakesSingleBytes) {
  expectPoolWith<MALLOC_CAP_INTERNAL>(MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT);
  expectPoolWith<MALLOC_CAP_DMA>(MALLOC_CAP_DMA | MALLOC_CAP_8BIT);
  expectPoolWith<MALLOC_CAP_SPIRAM>(MALLOC_CAP_SPIRAM | MALLOC_CAP_8BIT);
}

TEST_F(FreeRtosPortTest, ACapabilityThatTheChipLacksIsRefusedWithAReason) {
  using Lack = EspIdfCapability::Lack;
  EXPECT_EQ(EspIdfCapability::lackOf(MALLOC_CAP_DMA), Lack::none);
  EXPECT_EQ(EspIdfCapability::lackOf(1), Lack::for_code);
#if !CONFIG_SPIRAM
  EXPECT_EQ(EspIdfCapability::lackOf(MALLOC_CAP_SPIRAM), Lack::external_memory);
#elif !SOC_PSRAM_DMA_CAPABLE
  EXPECT_EQ(EspIdfCapability::lackOf(MALLOC_CAP_SPIRAM | MALLOC_CAP_INTERNAL), Lack::both);
  EXPECT_EQ(EspIdfCapability::lackOf(MALLOC_CAP_SPIRAM | MALLOC_CAP_DMA), Lack::external_dma);
#endif
  const std::size_t calls = freertos_double::heapCalls();
  EXPECT_EQ(Port::heapAllocateCapable(64, 8, MALLOC_CAP_SPIRAM | MALLOC_CAP_DMA), nullptr);
  EXPECT_EQ(freertos_double::heapCalls(), calls);
}
#endif

}  // namespace
}  // namespace millpond
