// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

/// One block is all there is, so that holding it is a warning.
constexpr MemoryConfig tight{.audio_buffer_pool_size = 1,
                             .network_buffer_pool_size = 1,
                             .general_buffer_pool_size = 1,
                             .max_heap_allocation = 64,
                             .audio_block_size = 1024,
                             .network_block_size = 8,
                             .general_block_size = 8,
                             .max_heap_blocks = 1,
                             .alignment = 8};

template <MemoryConfig config>
void changeAtOnce(Threads& threads) {
  StaticMemoryManager<config> memory;
  Pressure pressure(memory);
  threads.task([&] { memory.deallocate(memory.allocateAudioBuffer(2048, "small")); });
  threads.task([&] {
    (void)memory.allocateAudioBuffer(1024, "kept");
    memory.deallocate(memory.allocateAudioBuffer(1024, "second"));
  });
  threads.task([&] { pressure.poll(); });
  threads.join();
  require(pressure.level() == PressureLevel::warning, "the level is not the last change's");
}

/// Whose free is a claim, so that a look at what is held goes by the ledger.
constexpr MemoryConfig tight_reclaimable = [] {
  MemoryConfig config = tight;
  config.audio_reclaimable = true;
  return config;
}();

TEST(PressureOrder, KnowsAtRestWhatTheLastChangeCameTo) { explore(changeAtOnce<tight>); }
TEST(PressureOrder, KnowsAtRestWhatTheLastChangeOfAClaimedPoolCameTo) {
  explore(changeAtOnce<tight_reclaimable>);
}

std::size_t countRun(void* runs, PressureLevel /*level*/) {
  ++*static_cast<std::uint32_t*>(runs);
  return 0;
}

TEST(PressureOrder, RunsOneRoundAtATime) {
  explore([](Threads& threads) {
    StaticMemoryManager<tight> memory;
    Pressure pressure(memory);
    std::uint32_t runs = 0;  // plain: a second round beside the first would be a race
    Reclaimer reclaimer("counts", 0, 0, countRun, &runs);
    pressure.add(reclaimer);
    threads.task([&] {
      void* block = memory.allocateAudioBuffer(1024, "kept");
      memory.deallocate(memory.allocateAudioBuffer(1024, "second"));
      pressure.poll();
      memory.deallocate(block);
    });
    for (int task = 0; task < 2; ++task) threads.task([&] { pressure.poll(), pressure.emergencyCleanup(); });
    threads.join();
    require(reclaimer.runs() == runs, "a run is not counted");
  });
}

TEST(PressureOrder, IsToldOfAllOnceItObserves) {
  explore([](Threads& threads) {
    StaticMemoryManager<tight> memory;
    for (int task = 0; task < 2; ++task) {
      threads.task([&] {
        memory.deallocate(memory.allocateAudioBuffer(2048, "large"));
        void* block = memory.allocateAudioBuffer(1024, "task");
        if (block != nullptr) useAlone(block);
        memory.deallocate(block);
      });
    }
    EventBus bus(memory, {.capacity = EventBus::max_capacity});
    Pressure pressure(memory, &bus);
    threads.join();
  });
}

}  // namespace
}  // namespace millpond::order
