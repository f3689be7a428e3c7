// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>

#include "millpond.h"
#include "millpond/TraceStream.h"
#include "order/Explore.h"
#include "order/Holder.h"

namespace millpond::order {
namespace {

/// A ring, whose writers number what they write, and its reader.
class Recording {
 public:
  void write(std::uint32_t writer) {
    const std::uint32_t where = writer * 16 + ++written_[writer];
    ring_.put(where, ~where);
  }

  /// Effect: takes the oldest record, if there is one. Requires: one task at a time calls it.
  void read() {
    const TraceRecord* const record = ring_.oldest();
    if (record == nullptr) return;
    const std::uint32_t time = record->time.load();
    const TraceRecord::Body body = record->body;
    ring_.remove();
    require(body.what == ~body.where, "parts of two records");
    require(static_cast<std::int32_t>(time - time_) >= 0, "a record from before the last one");
    std::uint32_t& last = read_[body.where / 16];
    require(body.where % 16 > last, "a writer's records out of order, or one twice");
    last = body.where % 16;
    time_ = time;
    ++records_;
  }

  /// Requires: all wrote.
  void expectAllRead() {
    for (std::uint32_t record = 0; record < TraceRing::capacity; ++record) read();
    std::uint32_t written = 0;
    for (const std::uint32_t of_one : written_) written += of_one;
    require(ring_.oldest() == nullptr && records_ + ring_.lost() == written, "a record is lost, uncounted");
  }

 private:
  TraceRing ring_;
  std::array<std::uint32_t, 4> written_{};
  std::array<std::uint32_t, 4> read_{};
  std::uint32_t time_ = 0;
  std::uint32_t records_ = 0;
};

TEST(TraceOrder, GivesTheReaderWholeRecordsInOrder) {
  explore([](Threads& threads) {
    Recording world;
    for (std::uint32_t writer : {1, 2}) {
      threads.task([&world, writer] {
        for (int record = 0; record < 3; ++record) {
          world.write(writer);
          passTime(1);
        }
      });
    }
    threads.interrupt([&world] { world.write(3), world.write(3); });
    threads.task([&world] {
      for (int record = 0; record < 5; ++record) world.read();
    });
    threads.join();
    world.expectAllRead();
  });
}

TEST(TraceOrder, DrainsOrCountsEveryEventOfAManager) {
  explore(
      [](Threads& threads) {
        StaticMemoryManager<MemoryConfig{.max_heap_allocation = 0}> memory;
        const TraceSink sink{[](void*, TraceSink::Part, std::span<const std::byte>) { return true; }};
        alignas(4) std::byte room[1024];
        TraceStream stream(memory, room, sink);
        require(stream.recording(), "no room, or another stream records");
        for (int task = 0; task < 2; ++task) {
          threads.task([&memory] {
            for (int turn = 0; turn < 2; ++turn) {
              void* const block = memory.allocateAudioBuffer(60, "task");
              useAlone(block);
              memory.deallocate(block);
            }
          });
        }
        std::size_t drained = 0;
        threads.task([&] { drained += stream.drain(), drained += stream.drain(); });
        threads.join();
        for (std::size_t more = 1; more != 0; drained += more) more = stream.drain();
        require(drained + stream.lost() == 8, "an event is neither drained nor counted");
      },
      100);
}

}  // namespace
}  // namespace millpond::order
