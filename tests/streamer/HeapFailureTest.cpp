// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "cli/device/LookUp.h"
#include "cli/receiver/ReceiverThread.h"
#include "millpond.h"
#include "streamer/Streamer.h"
#include "streamer/uplink/TcpLink.h"
#include "tests/cli/support/Audio.h"
#include "tests/streamer/support/FramesSource.h"
#include "tests/support/Eventually.h"
#include "tests/support/TempFolder.h"
#include "tests/support/TestHeap.h"

namespace millpond::streamer {
namespace {

constexpr MemoryConfig reclaimable{.audio_reclaimable = true,
                                   .network_reclaimable = true,
                                   .general_reclaimable = true,
                                   .pressure_calm_ms = 0,
                                   .reacquire_after_ms = 0};

/// A recording that plays while the heap runs short twice: who reads it finds the heap as the script has it.
class ScarceSource : public test::FramesSource {
 public:
  static constexpr std::size_t length = 60000;

  explicit ScarceSource(test::TestHeap& heap) : FramesSource(test::noise(length)), heap_(heap) {}

  std::size_t read(std::span<std::int32_t> frames) override {
    const std::size_t count = FramesSource::read(frames);
    read_ += count;
    const bool scarce = read_ / 10000 % 2 == 1;
    heap_.setFree(scarce ? 10'000 : 1'000'000);
    return count;
  }

 private:
  test::TestHeap& heap_;
  std::size_t read_ = 0;
};

void expectNothingHeld(const MemoryManager& memory) {
  const MemoryStats stats = memory.stats();
  for (const PoolStats& pool : {stats.audio, stats.network, stats.general, stats.heap}) {
    EXPECT_EQ(pool.in_use, 0U) << pool.name;
    EXPECT_EQ(pool.allocations, pool.frees) << pool.name;
    EXPECT_EQ(pool.rejected, 0U) << pool.name;
  }
  EXPECT_TRUE(memory.leaks().begin() == std::default_sentinel);
}

/// Effect: streams to a receiver, whose account must be the device's.
void stream(StaticMemoryManager<reclaimable>& memory, test::TestHeap& heap) {
  const test::TempFolder folder;
  cli::ReceiverOptions receiving;
  receiving.folder = folder.path();
  cli::ReceiverThread receiver(receiving, [](const std::string&) {});
  ScarceSource source(heap);
  std::vector<std::int32_t> read_buffer(frames_per_read);
  EventBus bus(memory, {.capacity = EventBus::max_capacity});
  Pressure pressure(memory, &bus);
  Streamer::Config streaming;
  streaming.uplink.stream_id = 1;
  streaming.when_full = Backlog::WhenFull::wait;
  StopFlag stop;
  TcpLink link(stop);
  cli::LookUp look_up([address = receiver.address()] { return address.resolve(); }, stop);
  Streamer streamer({memory, bus, pressure, source, read_buffer, look_up.resolver(), link, stop}, streaming);
  if (!streamer.start()) return;  // refused before it began, as its contract says
  ASSERT_TRUE(test::eventually([&] { return streamer.done(); })) << "it hangs";
  streamer.join();
  const SampleAccount account = streamer.account();
  EXPECT_EQ(account.captured, ScarceSource::length);
  EXPECT_EQ(account.captured, account.delivered + account.dropped);
  EXPECT_TRUE(streamer.delivered());
  std::uint64_t written = 0;
  std::uint64_t missing = 0;
  for (const cli::StreamAccount& stream : receiver.stop().streams) {
    written += stream.written;
    missing += stream.missing;
  }
  EXPECT_EQ(written, account.delivered);
  EXPECT_EQ(missing, account.dropped);
}

/// Returns: how often a whole run asked the heap for memory, where call number `fail_at` found none; 0: all
/// did.
std::size_t fullRun(std::size_t fail_at) {
  test::TestHeap heap;
  heap.failAt(fail_at);
  {
    StaticMemoryManager<reclaimable> memory(heap.heap());
    stream(memory, heap);
    expectNothingHeld(memory);
  }
  EXPECT_EQ(heap.outstanding(), 0U);
  return heap.allocations();
}

TEST(HeapFailure, EachCallOfTheHeapMayFailWhileTheAccountsStayRight) {
  const std::size_t calls = fullRun(0);
  ASSERT_GT(calls, 3U) << "no pool was given back and taken again";
  for (std::size_t at = 1; at <= calls + 2; ++at) {
    SCOPED_TRACE(at);
    fullRun(at);
  }
}

}  // namespace
}  // namespace millpond::streamer
