// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "millpond/Pressure.h"
#include "millpond/TraceStream.h"
#include "tests/trace/Recording.h"

namespace millpond::test {
namespace {

using trace::TraceEvent;
using trace::TraceReader;
using Kind = TraceEvent::Kind;

/// A manager whose events go to a folder. The time is driven.
struct Recorded {
  using Manager = StaticMemoryManager<MemoryConfig{.max_heap_allocation = 8192}>;

  explicit Recorded(std::uint64_t start_us = 1000) : started(start_us) {}
  ~Recorded() { port::LinuxPort::driveTicks(0); }

  std::vector<TraceEvent> read() {
    stream.drain();
    stream.flush();
    TraceReader reader(temp / "trace");
    std::vector<TraceEvent> events = Recording::eventsOf(reader);
    sources = reader.sources();
    lost = reader.totals().lost;
    mended = reader.totals().mended;
    return events;
  }
  std::string sourceOf(const TraceEvent& event) const { return sources[event.source]; }

  struct Started {
    explicit Started(std::uint64_t micros) { port::LinuxPort::driveMicros(micros); }
  };
  Started started;
  TempFolder temp;
  trace::TraceFolder folder{temp / "trace"};
  Manager memory;
  alignas(4) std::byte room[4096];
  TraceStream stream{memory, room, folder.sink()};
  std::vector<std::string> sources;
  std::uint64_t lost = 0;
  std::uint64_t mended = 0;
};

void expectEvent(const Recorded& recorded, const TraceEvent& event, Kind kind, PoolId pool,
                 std::uint32_t size, const std::string& source) {
  EXPECT_EQ(event.kind, kind);
  EXPECT_EQ(event.pool, rowOf(pool));
  EXPECT_EQ(event.size, size);
  EXPECT_EQ(recorded.sourceOf(event), source);
}

TEST(TraceStream, RecordsAllocationsAndFreesOfEveryPath) {
  Recorded recorded;
  ASSERT_TRUE(recorded.stream.recording());
  MemoryManager& any = recorded.memory;
  recorded.memory.deallocate(recorded.memory.allocateAudioBuffer(4000, "typed"));
  any.deallocate(any.allocateGeneralBuffer(700, "any"));
  any.deallocate(any.allocatePoolOnly(PoolId::network, 100, "slow"));
  recorded.stream.drain();  // while the ledger still has the name
  { const Buffer buffer = any.networkBuffer(200, "handle"); }
  const std::vector<TraceEvent> events = recorded.read();
  ASSERT_EQ(events.size(), 8U);
  expectEvent(recorded, events[0], Kind::allocation, PoolId::audio, 4000, "typed");
  expectEvent(recorded, events[1], Kind::free, PoolId::audio, 4000, "typed");
  expectEvent(recorded, events[2], Kind::allocation, PoolId::general, 700, "any");
  expectEvent(recorded, events[3], Kind::free, PoolId::general, 700, "any");
  expectEvent(recorded, events[4], Kind::allocation, PoolId::network, 100, "slow");
  expectEvent(recorded, events[5], Kind::free, PoolId::network, 100, "slow");
  expectEvent(recorded, events[7], Kind::free, PoolId::network, 200, "handle");
  EXPECT_EQ(recorded.mended, 0U);
}

TEST(TraceStream, RecordsExhaustionFallbackAndRefusal) {
  Recorded recorded;
  void* held[2] = {recorded.memory.allocateNetworkBuffer(1, "first"),
                   recorded.memory.allocateNetworkBuffer(1, "second")};
  void* spilled = recorded.memory.allocateNetworkBuffer(5000, "spilled");
  EXPECT_EQ(recorded.memory.allocateAudioBuffer(9000, "large"), nullptr);
  recorded.memory.deallocate(spilled);
  for (void* block : held) recorded.memory.deallocate(block);
  const std::vector<TraceEvent> events = recorded.read();
  ASSERT_EQ(events.size(), 9U);
  expectEvent(recorded, events[2], Kind::exhausted, PoolId::network, 5000, "spilled");
  expectEvent(recorded, events[3], Kind::allocation, PoolId::network, 5000, "spilled");
  EXPECT_TRUE(events[3].heap);
  expectEvent(recorded, events[4], Kind::oversize, PoolId::audio, 9000, "large");
  expectEvent(recorded, events[5], Kind::refused, PoolId::audio, 9000, "large");
  expectEvent(recorded, events[6], Kind::free, PoolId::network, 5000, "spilled");
}

TEST(TraceStream, RecordsRefusedFrees) {
  Recorded recorded;
  void* block = recorded.memory.allocateAudioBuffer(4096, "capture");
  recorded.memory.deallocate(block);
  recorded.memory.deallocate(block);
  int foreign = 0;
  recorded.memory.deallocate(&foreign);
  const std::vector<TraceEvent> events = recorded.read();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2].kind, Kind::rejected_free);
  EXPECT_EQ(recorded.sourceOf(events[2]), "capture");
  EXPECT_EQ(events[3].kind, Kind::rejected_free);
  EXPECT_TRUE(events[3].heap);
}

TEST(TraceStream, MarksWhatInterruptsDo) {
  Recorded recorded;
  {
    const port::LinuxPort::InterruptScope interrupt;
    recorded.memory.deallocate(recorded.memory.allocateAudioBuffer(4096, "irq"));
  }
  recorded.memory.deallocate(recorded.memory.allocateAudioBuffer(4096, "task"));
  const std::vector<TraceEvent> events = recorded.read();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_TRUE(events[0].interrupt && events[1].interrupt);
  EXPECT_FALSE(events[2].interrupt || events[3].interrupt);
}

TEST(TraceStream, RecordsPressureAndWhatReclaimersGive) {
  Recorded recorded;
  std::size_t left = 15000;
  const Heap small{.allocate = [](void*, std::size_t, std::size_t) -> void* { return nullptr; },
                   .release = [](void*, void*, std::size_t) {},
                   .context = &left,
                   .freeBytes = [](void* bytes) { return *static_cast<std::size_t*>(bytes); }};
  StaticMemoryManager<MemoryConfig{}> watched(small);
  const TempFolder temp;
  trace::TraceFolder folder(temp / "trace");
  alignas(4) std::byte room[4096];
  {
    trace_rings.of.store(nullptr);  // the other stream's turn is over
    TraceStream stream(watched, room, folder.sink());
    Pressure pressure(watched, watched.pressureSetup(), nullptr);
    Reclaimer cache(
        "cache", 0, 512, [](void*, PressureLevel) { return std::size_t{512}; }, nullptr);
    pressure.add(cache);
    pressure.poll();
    pressure.remove(cache);
  }
  TraceReader reader(temp / "trace");
  const std::vector<TraceEvent> events = Recording::eventsOf(reader);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, Kind::pressure);
  EXPECT_EQ(events[0].size, 2U);
  EXPECT_EQ(events[1].kind, Kind::reclaim);
  EXPECT_EQ(events[1].size, 512U);
}

TEST(TraceStream, CountsWhatAFullRingLosesAndHealsAfterwards) {
  Recorded recorded;
  void* kept = recorded.memory.allocateAudioBuffer(4096, "kept");
  for (std::uint32_t at = 0; at < TraceRing::capacity; ++at)
    recorded.memory.deallocate(recorded.memory.allocateNetworkBuffer(9, "many"));
  recorded.memory.deallocate(kept);  // lost
  recorded.stream.drain();
  recorded.memory.deallocate(recorded.memory.allocateGeneralBuffer(9, "later"));
  const std::vector<TraceEvent> events = recorded.read();
  EXPECT_EQ(recorded.lost, TraceRing::capacity + 2);
  EXPECT_GT(recorded.mended, 0U);
  std::size_t held = 0;
  for (const TraceEvent& event : events) {
    held += event.kind == Kind::allocation ? 1 : 0;
    held -= event.kind == Kind::free ? 1 : 0;
  }
  EXPECT_EQ(held, 0U);
}

TEST(TraceStream, KeepsTheTimeWhereTheClockWraps) {
  Recorded recorded;
  constexpr std::uint64_t wrap = std::uint64_t{1} << 32U;
  for (const std::uint64_t time : {wrap / 2 - 10, wrap - 10, wrap + 20}) {
    port::LinuxPort::driveMicros(time);
    recorded.memory.deallocate(recorded.memory.allocateAudioBuffer(1, "capture"));
    recorded.stream.drain();
  }
  const std::vector<TraceEvent> events = recorded.read();
  ASSERT_EQ(events.size(), 6U);
  EXPECT_NEAR(static_cast<double>(events[5].time_ns), static_cast<double>((wrap + 20) * 1000), 2000);
}

TEST(TraceStream, MayBeginAtAnyTimeOfTheClock) {
  for (const std::uint64_t start : {std::uint64_t{3'000'000'000}, std::uint64_t{60'000'000'000}}) {
    Recorded recorded(start);
    void* const block = recorded.memory.allocateAudioBuffer(1, "capture");
    port::LinuxPort::driveMicros(start + 5000);
    recorded.memory.deallocate(block);
    const std::vector<TraceEvent> events = recorded.read();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_NEAR(static_cast<double>(events[1].time_ns - events[0].time_ns), 5'000'000, 2000);
  }
}

TEST(TraceStream, RefusesASecondStreamAndTooLittleRoom) {
  Recorded recorded;
  alignas(4) std::byte room[4096];
  const TraceStream second(recorded.memory, room, recorded.folder.sink());
  EXPECT_FALSE(second.recording());
  Recorded::Manager other;
  const TraceStream cramped(other, std::span(room).first(100), recorded.folder.sink());
  EXPECT_FALSE(cramped.recording());
}

TEST(TraceStream, LeavesOutOtherManagers) {
  Recorded recorded;
  Recorded::Manager other;
  other.deallocate(other.allocateAudioBuffer(1, "other"));
  EXPECT_EQ(recorded.stream.drain(), 0U);
}

}  // namespace
}  // namespace millpond::test
