// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <optional>

#include "millpond.h"
#include "order/Explore.h"
#include "order/Holder.h"
#include "support/Figures.h"

namespace millpond::order {
namespace {

constexpr MemoryConfig small(Guards guards) {
  return {.audio_buffer_pool_size = 2,
          .network_buffer_pool_size = 1,
          .general_buffer_pool_size = 3,
          .max_heap_allocation = 200,
          .audio_block_size = 64,
          .network_block_size = 64,
          .general_block_size = 64,
          .max_heap_blocks = 2,
          .guards = guards};
}

template <class Manager>
void useUnder(Manager& memory, const char* source, std::size_t size) {
  for (int turn = 0; turn < 2; ++turn) {
    void* block = memory.allocateAudioBuffer(size, source);
    void* run = memory.allocateGeneralBuffer(size, source);
    if (block != nullptr) useAlone(block);
    memory.deallocate(block);
    memory.deallocate(run);
  }
}

/// A source's blocks are all of one size, and that is what a look at them shows.
template <MemoryConfig config>
void lookAtHolders(Threads& threads) {
  threads.assumeMultiCopyAtomic();  // a source is no release store: that would cost each allocation a fence
  StaticMemoryManager<config> memory;
  threads.task([&] { useUnder(memory, "ten", 10); });
  threads.task([&] { useUnder(memory, "twenty", 20); });
  threads.task([&] {
    for (int look = 0; look < 2; ++look) {
      for (const LiveBlock& block : memory.leaks()) {
        require(block.size == (std::strcmp(block.source, "ten") == 0 ? 10 : 20),
                "one holder's name, another's size");
      }
    }
  });
  threads.join();
}

TEST(FiguresOrder, ShowNoHolderWithAnothersName) { explore(lookAtHolders<small(Guards::light)>); }
TEST(FiguresOrder, ShowNoHolderWithAnothersNameUnderFullGuards) {
  explore(lookAtHolders<small(Guards::full)>);
}

TEST(FiguresOrder, ShowNoHolderOfTheHeapWithAnothersName) {
  explore([](Threads& threads) {
    threads.assumeMultiCopyAtomic();
    StaticMemoryManager<small(Guards::light)> memory;
    const auto use = [&memory](const char* source, std::size_t size) {
      for (int turn = 0; turn < 2; ++turn) {
        void* block = memory.allocateAudioBuffer(size, source);
        if (block != nullptr) useAlone(block);
        memory.deallocate(block);
      }
    };
    threads.task([&] { use("ten", 70); });
    threads.task([&] { use("twenty", 80); });
    threads.task([&] {
      for (const LiveBlock& block : memory.leaks()) {
        require(block.size == (std::strcmp(block.source, "ten") == 0 ? 70 : 80),
                "one holder's name, another's size");
      }
    });
    threads.join();
  });
}

/// Blocks of five sizes, each taken once, between two looks at the clock.
TEST(FiguresOrder, ShowNoHolderWithTheAgeOfAnother) {
  explore([](Threads& threads) {
    threads.assumeMultiCopyAtomic();
    StaticMemoryManager<small(Guards::light)> memory;
    std::array<std::array<std::uint32_t, 2>, 6> taken{};
    std::array<std::uint32_t, 6> shown{};
    threads.task([&] {
      for (std::uint32_t size = 1; size < taken.size(); ++size) {
        const std::uint32_t before = Port::ticks();
        void* block = memory.allocateAudioBuffer(size, "task");
        taken[size] = {before, Port::ticks()};
        passTime(66);
        memory.deallocate(block);
      }
    });
    threads.task([&] {
      for (int look = 0; look < 3; ++look) {
        for (const LiveBlock& block : memory.leaks()) shown[block.size] = block.since;
      }
    });
    threads.join();
    for (std::size_t size = 1; size < taken.size(); ++size) {
      const bool fits = shown[size] >= taken[size][0] && shown[size] <= taken[size][1];
      require(shown[size] == 0 || fits, "one holder's size, another's age");
    }
  });
}

template <MemoryConfig config>
void takeFigures(Threads& threads) {
  StaticMemoryManager<config> memory;
  threads.task([&] { useUnder(memory, "ten", 10); });
  threads.task([&] { useUnder(memory, "twenty", 70); });
  threads.task([&] {
    test::Figures figures(memory, 2);
    for (int look = 0; look < 3; ++look) figures.expectConsistent();
  });
  threads.join();
  const MemoryStats stats = memory.stats();
  require(stats.audio.allocations == stats.audio.frees && stats.general.allocations == stats.general.frees &&
              stats.heap.allocations == stats.heap.frees,
          "a free is not counted");
  require(stats.audio.in_use + stats.general.in_use + stats.heap.in_use == 0, "somebody still holds a block");
  require(stats.audio.allocations + stats.audio.exhausted + stats.audio.oversize == 4,
          "a request is not counted");
}

TEST(FiguresOrder, DoNotContradictThemselves) { explore(takeFigures<small(Guards::none)>); }
TEST(FiguresOrder, DoNotContradictThemselvesUnderGuards) { explore(takeFigures<small(Guards::light)>); }
TEST(FiguresOrder, DoNotContradictThemselvesUnderFullGuards) { explore(takeFigures<small(Guards::full)>); }

/// More granules than a word of the bitmap has.
constexpr MemoryConfig many_granules() {
  MemoryConfig config = small(Guards::none);
  config.general_buffer_pool_size = 33;
  return config;
}

/// For which the fast path takes no run.
constexpr MemoryConfig one_reserved() {
  MemoryConfig config = small(Guards::none);
  config.general_reserve = 1;
  return config;
}

/// A run and a block of the heap, as many as ever before, are taken while the peaks are reset.
template <MemoryConfig config>
void resetPeaksBeside(Threads& threads) {
  StaticMemoryManager<config> memory;
  const auto take = [&memory] {
    return std::array{memory.allocateGeneralBuffer(10, "run"), memory.allocateAudioBuffer(70, "heap")};
  };
  for (void* block : take()) memory.deallocate(block);
  threads.task([&] { require(take()[1] != nullptr, "no memory"); });
  threads.task([&] { memory.resetPeaks(); });
  threads.join();
  const MemoryStats stats = memory.stats();
  require(stats.general.peak == 1 && stats.general.in_use == 1, "less than is held was a pool's peak");
  require(stats.heap.peak == 70 && stats.heap.in_use == 70, "less than is held was the heap's peak");
}

TEST(FiguresOrder, KnowAPeakBesideAReset) { explore(resetPeaksBeside<small(Guards::none)>); }
TEST(FiguresOrder, KnowAPeakAboveAReserveBesideAReset) { explore(resetPeaksBeside<one_reserved()>); }
TEST(FiguresOrder, KnowAPeakOfManyBesideAReset) { explore(resetPeaksBeside<many_granules()>); }

/// A static buffer made late, while an interrupt or another task reads the figures.
TEST(FiguresOrder, CountAStaticBufferThatIsJustRegistered) {
  explore([](Threads& threads) {
    StaticMemoryManager<small(Guards::none)> memory;
    std::optional<StaticBuffer<char, 4>> first;
    std::optional<StaticBuffer<char, 8>> second;
    threads.task([&] {
      first.emplace(memory, "first");
      second.emplace(memory, "second");
    });
    threads.interrupt([&] {
      const std::size_t bytes = memory.stats().static_bytes;
      require(bytes == 0 || bytes == 4 || bytes == 12, "half a static buffer was counted");
    });
    threads.join();
    require(memory.stats().static_bytes == 12, "a static buffer is not counted");
  });
}

/// What an interrupt freed, the next task gives back to the heap, which may write to it.
TEST(HeapFallbackOrder, GivesBackWhatAnInterruptFreedWithAllThatItDid) {
  explore([](Threads& threads) {
    StaticMemoryManager<small(Guards::light)> memory;
    void* const block = memory.allocateAudioBuffer(100, "main");
    threads.interrupt([&] {
      useAlone(block);
      memory.deallocate(block);
    });
    for (int task = 0; task < 2; ++task) threads.task([&] { useUnder(memory, "task", 100); });
    threads.join();
    memory.releaseFreed();
    const PoolStats heap = memory.stats().heap;
    require(heap.rejected == 0 && heap.in_use == 0, "bytes are lost");
  });
}

}  // namespace
}  // namespace millpond::order
