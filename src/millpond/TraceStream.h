// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/MemoryManager.h"
#include "millpond/trace/TraceEncoder.h"
#include "millpond/trace/TraceRing.h"

namespace millpond {

/// Records what a manager does, and sends it as a trace: every allocation, free, exhaustion, fallback and
/// refused free, and the levels of pressure and what its reclaimers gave back.
///
/// Tasks and interrupts write 12 bytes an event to a ring in static memory, one ring for each core; `drain`
/// encodes them. The build sets the size of the ring by CONFIG_MILLPOND_TRACE_RECORDS; without it nothing is
/// recorded, and the hot code has no trace of this.
///
///     alignas(4) static std::byte room[4096];
///     static TraceStream trace(memory, room, {&sendToServer});
///     trace.drain();  // in a task, once a second
///
/// Each boot begins a new trace, in a folder of its own. One stream exists at a time. Context: one task.
class TraceStream {
 public:
  /// Effect: sends the metadata to `sink`, and records the events of `memory` from now on. `room` is for one
  /// packet and for what is held: 1 bit a block; 2048 bytes do for ADR-002's pools. `ticks_per_second`: of
  /// the port's clock, see `TraceRing::now`. `memory`, `room` and what `sink` needs outlive the stream.
  /// Context: task.
  TraceStream(MemoryManager& memory, std::span<std::byte> room, const TraceSink& sink,
              std::uint32_t ticks_per_second = 1'000'000);
  /// Effect: ends the recording, and sends what is not sent yet.
  ~TraceStream();
  TraceStream(const TraceStream&) = delete;
  TraceStream& operator=(const TraceStream&) = delete;

  /// Whether it records. If not: the build has no rings, `room` is too small or not aligned to 4, or another
  /// stream records.
  bool recording() const { return recording_; }

  /// Effect: encodes the recorded events; sends each packet that is full. Call it before a ring is full, and
  /// at least every 2^31 ticks: then the trace's time is right. A source whose blocks all had other holders
  /// before the first call that sees it has no name until a later one does. Returns: the events. Context:
  /// task.
  std::size_t drain();
  /// Effect: sends the packet that was begun. A packet that is not sent is lost when the device stops.
  /// Context: task.
  void flush();

  /// Events that were lost because a ring was full.
  std::uint64_t lost() const;

 private:
  TraceEncoder::Setup setUp(std::span<std::byte> room, std::uint32_t ticks_per_second);
  void begin();
  TraceRing* oldestRing();
  void take(std::uint32_t time, const TraceRecord::Body& body);
  void advanceTo(std::uint32_t time);
  const char* sourceOf(std::uint32_t key, const TraceEntry& entry) const;
  void settle();

  ManagerCore& core_;
  TraceEncoder::Pool pools_[max_pools];
  TraceEncoder encoder_;
  bool recording_ = false;
  std::uint64_t time_ = 0;
  const char* announced_ = nullptr;  // by a record of its own
  std::uint32_t lost_before_ = 0;
};

}  // namespace millpond
