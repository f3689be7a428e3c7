// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// The library's basic checks on a board, by Unity. The whole suites run on a host and under QEMU: see
// docs/porting.md.
#include <cstdint>

#include "millpond.h"
#include "millpond/BuildConfig.h"
#include "unity.h"

namespace {

using millpond::Port;

constexpr std::size_t blocks = millpond::build_config.audio_buffer_pool_size;
constexpr std::size_t block_size = millpond::build_config.audio_block_size;
millpond::StaticMemoryManager<millpond::build_config> memory;
void* held[blocks];
// A thread of a host needs more.
alignas(16) std::byte stack[sizeof(void*) == 8 ? 65536 : 4096];

void takeAll() {
  for (void*& block : held) block = memory.allocatePoolOnly(millpond::PoolId::audio, block_size, "test");
}

void freeAll() {
  for (void*& block : held) memory.deallocate(block), block = nullptr;
}

void aPoolServesExactlyItsBlocks() {
  takeAll();
  for (void* block : held) TEST_ASSERT_NOT_NULL(block);
  TEST_ASSERT_NULL(memory.allocatePoolOnly(millpond::PoolId::audio, block_size, "test"));
  freeAll();
  TEST_ASSERT_EQUAL_UINT32(0, memory.stats().audio.in_use);
}

void blocksAreAlignedAndApart() {
  takeAll();
  for (std::size_t at = 0; at < blocks; ++at) {
    TEST_ASSERT_EQUAL_UINT32(0,
                             reinterpret_cast<std::uintptr_t>(held[at]) % millpond::build_config.alignment);
    *static_cast<std::uint32_t*>(held[at]) = static_cast<std::uint32_t>(at);
  }
  for (std::size_t at = 0; at < blocks; ++at)
    TEST_ASSERT_EQUAL_UINT32(at, *static_cast<std::uint32_t*>(held[at]));
  freeAll();
}

void aSecondFreeIsRefused() {
  void* block = memory.allocateAudioBuffer(block_size, "test");
  TEST_ASSERT_TRUE(memory.tryDeallocate(block));
  TEST_ASSERT_FALSE(memory.tryDeallocate(block));
  TEST_ASSERT_EQUAL_UINT32(1, memory.stats().audio.rejected);
}

void theHeapServesWhatThePoolCannot() {
  takeAll();
  void* fallback = memory.allocateAudioBuffer(block_size, "test");
  TEST_ASSERT_TRUE(memory.poolOf(fallback) == millpond::PoolId::heap);
  memory.deallocate(fallback);
  freeAll();
  TEST_ASSERT_EQUAL_UINT32(0, memory.stats().heap.in_use);
}

void aFreeWakesTheTaskThatWaits() {
  takeAll();
  Port::Task task;
  const bool started = task.start(
      {.name = "frees", .stack = stack, .priority = 1},
      [](void* block) {
        while (memory.waitingFor(millpond::PoolId::audio) == 0) {
        }
        memory.deallocate(block);
      },
      held[0]);
  TEST_ASSERT_TRUE(started);
  held[0] = memory.allocateAudioBuffer(block_size, "test", 10'000);
  task.join();
  TEST_ASSERT_NOT_NULL(held[0]);
  TEST_ASSERT_TRUE(memory.poolOf(held[0]) == millpond::PoolId::audio);
  freeAll();
}

}  // namespace

extern "C" void setUp() {}
extern "C" void tearDown() {}

extern "C" void app_main() {
  UNITY_BEGIN();
  RUN_TEST(aPoolServesExactlyItsBlocks);
  RUN_TEST(blocksAreAlignedAndApart);
  RUN_TEST(aSecondFreeIsRefused);
  RUN_TEST(theHeapServesWhatThePoolCannot);
  RUN_TEST(aFreeWakesTheTaskThatWaits);
  UNITY_END();
}
