// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <memory>

#include "streamer/backlog/Backlog.h"
#include "tests/streamer/support/BacklogFeed.h"

namespace millpond::streamer {
namespace {

// Whatever the order of events, each captured sample is delivered in order, dropped, or still held; what is
// delivered is what was captured; and neither pool is ever asked for more than it has.
void holdsTheAccount() {
  const auto memory = std::make_unique<StaticMemoryManager<>>();
  const Backlog::Limits limits{.audio_blocks = *rc::gen::inRange<std::size_t>(1, 5),
                               .chunks = *rc::gen::inRange<std::size_t>(1, 3),
                               .chunk_samples = *rc::gen::inRange<std::size_t>(1, 4000)};
  Backlog backlog(*memory, limits, Backlog::WhenFull::drop_oldest);
  std::uint64_t next = 0;
  std::uint64_t delivered_to = 0;
  const Chunk* in_flight = nullptr;
  const auto steps = *rc::gen::inRange(1, 200);
  for (int step = 0; step < steps; ++step) {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        backlog.dropOldest();
        break;
      case 1:
        backlog.discard(3), next += 3;
        break;
      case 2:
      case 3:
      case 4:
        if (in_flight == nullptr) in_flight = backlog.beginSend();
        break;
      case 5:
        if (in_flight == nullptr) break;
        RC_ASSERT(test::holdsItsRange(*in_flight));
        RC_ASSERT(in_flight->first >= delivered_to);
        delivered_to = in_flight->range().end();
        backlog.finishSend();
        in_flight = nullptr;
        break;
      default:
        test::capture(backlog, next, *rc::gen::inRange<std::size_t>(1, 2 * audio_block_samples));
        break;
    }
    const SampleAccount account = backlog.account();
    RC_ASSERT(account.captured == next);
    RC_ASSERT(account.delivered + account.dropped <= next);
  }
  backlog.abandon();
  const SampleAccount account = backlog.account();
  RC_ASSERT(account.delivered + account.dropped + account.unconfirmed == next);
  const MemoryStats stats = memory->stats();
  RC_ASSERT(stats.audio.in_use + stats.network.in_use == 0U);
  RC_ASSERT(stats.audio.peak <= limits.audio_blocks);
  RC_ASSERT(stats.network.peak <= limits.chunks);
  RC_ASSERT(stats.heap.allocations == 0U);
}

TEST(BacklogProperty, EverySampleIsAccountedFor) { EXPECT_TRUE(rc::check(holdsTheAccount)); }

}  // namespace
}  // namespace millpond::streamer
