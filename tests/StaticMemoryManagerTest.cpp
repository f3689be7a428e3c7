// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "millpond/StaticMemoryManager.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

using Default = StaticMemoryManager<>;

TEST(StaticMemoryManager, TakesTheBytesOfTheDecisionRecordByDefault) {
  static_assert(Default::poolBytes() == 61440);
  static_assert(Default::budgetBytes() == 77824);
  static_assert(Default::budgetPercent() == 38);
}

TEST(StaticMemoryManager, StatesItsExactRam) {
  static_assert(Default::overheadBytes() == sizeof(Default) - 61440);
  static_assert(Default::totalBytes() == sizeof(Default) + 4096 * sizeof(std::int32_t));
}

TEST(StaticMemoryManager, ReusesTheConfigurationsNamesForItsSizes) {
  using Larger = StaticMemoryManager<MemoryConfig{.audio_buffer_pool_size = 6, .static_buffer_bytes = 100}>;
  static_assert(Larger::poolBytes() == 61440 + 2 * 4096);
  static_assert(Larger::budgetBytes() == 61440 + 2 * 4096 + 100);
}

constexpr MemoryConfig aligned{.audio_block_size = 4096, .general_block_size = 512, .alignment = 256};

TEST(StaticMemoryManager, AlignsEveryPoolsBlocksAsConfigured) {
  test::TestHeap heap;
  static StaticMemoryManager<aligned> memory(heap.heap());
  const std::vector<void*> blocks{
      memory.allocateAudioBuffer(1, "a"),      memory.allocateAudioBuffer(1, "a"),
      memory.allocateNetworkBuffer(1, "n"),    memory.allocateGeneralBuffer(1, "g"),
      memory.allocateGeneralBuffer(1, "g"),    memory.allocateAudioBuffer(5000, "h"),
      memory.allocateGeneralBuffer(5000, "h"), memory.allocateAudioBuffer(4097, "h")};
  EXPECT_EQ(heap.outstanding(), 3U) << "the last three are the heap's, and aligned all the same";
  for (void* block : blocks) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 256, 0U);
    memory.deallocate(block);
  }
  test::expectAllEmpty(memory);
}

constexpr MemoryConfig whole_chip{.audio_buffer_pool_size = 1024,
                                  .network_buffer_pool_size = 1024,
                                  .general_buffer_pool_size = 1024,
                                  .audio_block_size = 16,
                                  .network_block_size = 48,
                                  .general_block_size = 16,
                                  .max_heap_blocks = 32,
                                  .available_ram = 1 << 20,
                                  .total_ram = 1 << 21};

TEST(StaticMemoryManager, GoesUpTo1024BlocksInEveryPool) {
  test::TestHeap heap;
  static StaticMemoryManager<whole_chip> memory(heap.heap());
  std::vector<void*> blocks;
  for (int block = 0; block < 1024; ++block) {
    blocks.push_back(memory.allocateAudioBuffer(16, "a"));
    blocks.push_back(memory.allocateNetworkBuffer(48, "n"));
    blocks.push_back(memory.allocateGeneralBuffer(16, "g"));
  }
  EXPECT_EQ(heap.calls(), 0U);
  EXPECT_EQ(memory.stats().audio.in_use, 1024U);
  EXPECT_EQ(memory.stats().network.peak, 1024U);
  EXPECT_EQ(memory.stats().general.peak, 1024U);
  for (void* block : blocks) memory.deallocate(block);
  test::expectAllEmpty(memory);
}

TEST(StaticMemoryManager, StandsOnThePlatformsHeapByDefault) {
  static StaticMemoryManager<> memory;
  void* block = memory.allocateAudioBuffer(60'000, "large");
  ASSERT_NE(block, nullptr);
  std::memset(block, 0x5A, 60'000);
  memory.deallocate(block);
  test::expectAllEmpty(memory);
}

// A static object's constructor may run before the manager's own: what it sees is zeroed memory.
extern StaticMemoryManager<> late;
struct Early {
  bool served = false;
  Early() {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{32}, std::size_t{100}, SIZE_MAX}) {
      for (void* block : {late.allocateAudioBuffer(size, "early"), late.allocateGeneralBuffer(size, "early"),
                          late.allocateGeneralBuffer(size, "early", 10, Access::reserved)}) {
        served = served || block != nullptr;
      }
    }
    late.deallocate(nullptr);
    late.deallocate(this);
    late.deallocate(&late);
    const MemoryStats stats = late.stats();
    figures = stats.audio.capacity + stats.heap.capacity + stats.static_budget + late.occupancy().total +
              late.validate(10) + late.statsBySource(rows) + late.releaseIdlePools() + late.reacquirePools();
    served = served || late.audioBuffer(10, "early") || late.leaks().begin() != std::default_sentinel;
    has_heap = late.heap().allocate(late.heap().context, 1, 8) != nullptr || late.heap().freeBytes != nullptr;
    observed = late.setObserver(&observer);
    StaticBuffer<int, 4> gone(late, "early");
    Pressure pressure(late);
    pressed = pressure.ready() || pressure.poll() != PressureLevel::normal ||
              pressure.emergencyCleanup().count != 0;
    ready = EventBus(late).ready();
  }
  std::size_t figures = 0;
  bool has_heap = false;
  bool observed = false;
  bool pressed = false;
  bool ready = false;
  std::array<SourceStats, 2> rows;
  MemoryObserver observer{.notify = [](void*, const MemoryEvent&) {}, .context = nullptr};
  // Made before the manager, and gone after it: it is not in the manager's list.
  StaticBuffer<int, 4> buffer{late, "early"};
};
const Early early;
StaticMemoryManager<> late;

TEST(StaticMemoryManager, RefusesEverythingBeforeItsConstructorRan) {
  EXPECT_FALSE(early.served);
  EXPECT_EQ(early.figures, 0U);
  EXPECT_FALSE(early.has_heap);
  EXPECT_FALSE(early.observed);
  EXPECT_FALSE(early.pressed);
  EXPECT_FALSE(early.ready);
  void* block = late.allocateAudioBuffer(100, "after");
  EXPECT_NE(block, nullptr);
  late.deallocate(block);
  test::expectAllEmpty(late);
}

TEST(MemoryConfig, NamesWhatIsWrongWithIt) {
  const auto check = [](const MemoryConfig& config) { return config.check(); };
  EXPECT_EQ(check({}), ConfigError::none);
  EXPECT_EQ(check({.audio_buffer_pool_size = 0}), ConfigError::none);
  EXPECT_EQ(check({.network_buffer_pool_size = 1025}), ConfigError::too_many_blocks);
  EXPECT_EQ(check({.network_buffer_pool_size = SIZE_MAX}), ConfigError::too_many_blocks);
  EXPECT_EQ(check({.audio_block_size = 4100}), ConfigError::misaligned_block);
  EXPECT_EQ(check({.audio_block_size = 0}), ConfigError::misaligned_block);
  EXPECT_EQ(check({.alignment = 0}), ConfigError::misaligned_block);
  EXPECT_EQ(check({.alignment = 24}), ConfigError::misaligned_block);
  EXPECT_EQ(check({.alignment = 4}), ConfigError::misaligned_block) << "too little for an event";
  EXPECT_EQ(check({.alignment = 8}), ConfigError::none);
  EXPECT_EQ(check({.general_block_size = 528}), ConfigError::granule_not_power_of_two);
  EXPECT_EQ(check({.audio_block_size = std::size_t{1} << 30U}), ConfigError::pool_too_large);
  EXPECT_EQ(check({.audio_block_size = SIZE_MAX - 15}), ConfigError::pool_too_large);
  EXPECT_EQ(check({.max_heap_blocks = 0}), ConfigError::heap_records);
  EXPECT_EQ(check({.max_heap_blocks = 33}), ConfigError::heap_records);
  EXPECT_EQ(check({.max_heap_allocation = std::size_t{1} << 32U}), ConfigError::heap_limit);
  EXPECT_EQ(check({.network_buffer_pool_size = 1, .network_block_size = std::size_t{1} << 24U}),
            ConfigError::block_too_large);
  EXPECT_EQ(check({.general_buffer_pool_size = 32, .general_block_size = std::size_t{1} << 20U}),
            ConfigError::block_too_large)
      << "a run of all granules";
}

TEST(MemoryConfig, NamesWhatIsWrongWithItsReservesAndThresholds) {
  const auto check = [](const MemoryConfig& config) { return config.check(); };
  EXPECT_EQ(check({.audio_reserve = 3}), ConfigError::none);
  EXPECT_EQ(check({.audio_reserve = 4}), ConfigError::reserve_too_large);
  EXPECT_EQ(check({.network_reserve = SIZE_MAX}), ConfigError::reserve_too_large);
  EXPECT_EQ(check({.general_reserve = 8}), ConfigError::reserve_too_large);
  EXPECT_EQ(check({.free_heap = {20000, 20000, 0}}), ConfigError::thresholds_out_of_order);
  EXPECT_EQ(check({.largest_block = {10000, 20000, 0}}), ConfigError::thresholds_out_of_order);
  EXPECT_EQ(check({.occupancy = {90, 80, 0}}), ConfigError::thresholds_out_of_order);
  EXPECT_EQ(check({.occupancy = {90, 101, 0}}), ConfigError::thresholds_out_of_order);
  EXPECT_EQ(check({.free_heap = {40000, 20000, 20000}}), ConfigError::none);
  EXPECT_EQ(check({.free_heap = {40000, 20000, 20001}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.largest_block = {40000, 20000, SIZE_MAX}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.largest_block = {40000, 20000, 20000}}), ConfigError::none);
  EXPECT_EQ(check({.largest_block = {40000, 20000, 20001}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.occupancy = {95, 100, 5}}), ConfigError::none);
  EXPECT_EQ(check({.occupancy = {95, 100, 6}}), ConfigError::hysteresis_too_wide);
}

TEST(MemoryConfig, RefusesAHysteresisThatNoValueWouldEnd) {
  const auto check = [](const MemoryConfig& config) { return config.check(); };
  EXPECT_EQ(check({.occupancy = {5, 100, 40}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.occupancy = {5, 100, 5}}), ConfigError::hysteresis_too_wide) << "below 0 percent";
  EXPECT_EQ(check({.occupancy = {5, 100, 4}}), ConfigError::none);
  EXPECT_EQ(check({.occupancy = {0, 100, 0}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.free_heap = {SIZE_MAX - 9, 1000, 10}}), ConfigError::hysteresis_too_wide);
  EXPECT_EQ(check({.free_heap = {SIZE_MAX - 10, 1000, 10}}), ConfigError::none);
  EXPECT_EQ(check({.largest_block = {SIZE_MAX, 1000, 1}}), ConfigError::hysteresis_too_wide);
}

TEST(MemoryConfig, TakesTheRamOfTheDecisionRecordForWhatThereIs) {
  static_assert(MemoryConfig{}.available_ram == 204'800);
  static_assert(MemoryConfig{}.total_ram == 532'480);
}

TEST(MemoryConfig, NamesTheBudgetItBreaks) {
  const MemoryConfig config;
  EXPECT_EQ(config.checkBudget(0), ConfigError::none);
  EXPECT_EQ(config.checkBudget(28'672), ConfigError::none) << "106496 bytes are 20 % of 520 KiB exactly";
  EXPECT_EQ(config.checkBudget(28'673), ConfigError::share_exceeded);
  EXPECT_EQ(config.checkBudget(126'977), ConfigError::ram_exceeded);
  const MemoryConfig wrapping{.static_buffer_bytes = SIZE_MAX - 1000};
  EXPECT_EQ(wrapping.checkBudget(1000), ConfigError::ram_exceeded) << "a sum that wraps is no small sum";
}

}  // namespace
}  // namespace millpond
