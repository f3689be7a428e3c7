// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "millpond.h"
#include "stress/Threads.h"
#include "support/Figures.h"
#include "support/Scale.h"

namespace millpond {
namespace figures_stress {

constexpr MemoryConfig small(std::size_t units, Guards guards) {
  return {.audio_buffer_pool_size = units,
          .network_buffer_pool_size = units,
          .general_buffer_pool_size = units,
          .max_heap_allocation = 1000,
          .audio_block_size = 64,
          .network_block_size = 48,
          .general_block_size = 16,
          .alignment = 8,
          .guards = guards};
}

/// One thread looks while the others take and give back, runs of all lengths above all.
template <MemoryConfig config>
void lookWhileOthersWork() {
  constexpr unsigned threads = 3;
  StaticMemoryManager<config> memory;
  std::atomic<unsigned> working = threads - 1;
  test::onThreads(threads, [&](unsigned id) {
    if (id == 0) {
      test::Figures figures(memory, threads - 1);
      while (working != 0 && !testing::Test::HasFailure()) figures.expectConsistent();
      return;
    }
    std::array<void*, 4> held{};
    std::uint32_t random = id;
    for (std::size_t step = 0; step < test::scaled(30'000); ++step) {
      random = random * 1664525U + 1013904223U;
      void*& block = held[random >> 30U];
      if (block != nullptr) {
        memory.deallocate(block);
        block = nullptr;
      } else if ((random >> 28U & 3U) == 0) {
        block = memory.allocateAudioBuffer(1 + (random >> 16U) % 70, "a");
      } else {
        block = memory.allocateGeneralBuffer(1 + (random >> 16U) % 120, "g");
      }
    }
    for (void* block : held) memory.deallocate(block);
    --working;
  });
}

TEST(FiguresStress, DoNotContradictThemselves) { lookWhileOthersWork<small(8, Guards::light)>(); }
TEST(FiguresStress, DoNotContradictThemselvesWithoutGuards) { lookWhileOthersWork<small(8, Guards::none)>(); }
TEST(FiguresStress, DoNotContradictThemselvesUnderFullGuards) {
  lookWhileOthersWork<small(8, Guards::full)>();
}
TEST(FiguresStress, DoNotContradictThemselvesBeyondOneWord) {
  lookWhileOthersWork<small(40, Guards::light)>();
}

}  // namespace figures_stress
}  // namespace millpond
