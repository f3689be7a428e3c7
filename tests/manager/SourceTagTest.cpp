// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "millpond.h"
#include "support/TestHeap.h"

namespace millpond {
namespace {

/// Names in a page of their own, which can be hidden: then a reader dies of it.
class Names {
 public:
  Names() : page_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    std::memcpy(page_, "capture\0uplink", 15);
  }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;
  ~Names() { munmap(page_, bytes); }

  bool ready() const { return page_ != MAP_FAILED; }
  const char* capture() const { return static_cast<const char*>(page_); }
  const char* uplink() const { return capture() + 8; }
  void hide() { ASSERT_EQ(mprotect(page_, bytes, PROT_NONE), 0); }
  void show() { ASSERT_EQ(mprotect(page_, bytes, PROT_READ), 0); }

 private:
  static constexpr std::size_t bytes = 4096;
  void* page_;
};

class SourceTagTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(names.ready()); }

  /// Everything that is told with a source: exhaustion, fallback, refusals, second frees, violations.
  void useAndMisuse() {
    std::vector<void*> blocks;
    for (int block = 0; block < 6; ++block) {
      blocks.push_back(memory->allocateAudioBuffer(10, names.capture()));
    }
    blocks.push_back(memory->allocateGeneralBuffer(700, names.uplink()));
    blocks.push_back(memory->allocateNetworkBuffer(30'000, names.uplink()));
    static_cast<char*>(blocks[0])[10] = 1;
    EXPECT_EQ(memory->validate(100), 1U);
    EXPECT_EQ(memory->allocateAudioBuffer(0, names.capture()), nullptr);
    std::size_t listed = 0;
    for (const LiveBlock& block : memory->leaks()) listed += block.source != nullptr ? 1 : 0;
    EXPECT_EQ(listed, 9U) << "the bus's queue is one";
    for (int free = 0; free < 2; ++free) {
      for (void* block : blocks) memory->deallocate(block);
    }
  }
  void useInAnInterrupt() {
    const Port::InterruptScope interrupt;
    void* block = memory->allocateGeneralBuffer(10, names.uplink());
    memory->deallocate(block);
    memory->deallocate(block);
  }

  Names names;
  test::TestHeap heap;
  std::optional<StaticMemoryManager<>> memory{std::in_place, heap.heap()};
  std::optional<EventBus> bus{std::in_place, *memory, EventBus::Options{.capacity = EventBus::max_capacity}};
  std::optional<Pressure> pressure{std::in_place, *memory, &*bus};
  std::optional<StaticLeakWatch<>> watch{std::in_place, *memory, &*bus};
};

TEST_F(SourceTagTest, OnlyStatisticsBySourceAndTheLeakWatchReadIt) {
  names.hide();
  useAndMisuse();
  EXPECT_EQ(memory->stats().guard_violations, 2U);
  EXPECT_EQ(memory->stats().audio.rejected, 4U);
  useInAnInterrupt();
  EXPECT_GT(bus->processEvents(), 0U);
  const Buffer held = memory->audioBuffer(10, names.capture());
  names.show();
  std::array<SourceStats, 4> rows;
  EXPECT_EQ(memory->statsBySource(rows), 2U);
  EXPECT_STREQ(rows[0].source, "capture");
}

TEST_F(SourceTagTest, ItIsReadOfBlocksThatAreGone) {
  void* block = memory->allocateAudioBuffer(10, names.capture());
  watch->poll();
  memory->deallocate(block);
  watch->poll();
  static const char* told;
  bus->subscribe(
      memory_events::rejected_free, [](void*, const Event& event) { told = event.as<MemoryEvent>()->source; },
      EventPriority::normal, nullptr);
  memory->deallocate(block);
  bus->processEvents();
  EXPECT_STREQ(told, "capture");
}

TEST_F(SourceTagTest, NothingReadsItOnceTheManagerAndItsWatchersGo) {
  for (int life = 0; life < 10; ++life) {
    useAndMisuse();
    watch->poll();
  }
  EXPECT_GT(bus->queued(), 0U);
  names.hide();
  watch.reset();
  pressure.reset();
  bus.reset();
  memory.reset();
}

}  // namespace
}  // namespace millpond
