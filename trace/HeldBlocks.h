// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "trace/TraceEvent.h"

namespace millpond::trace {

/// The blocks that are held, and what makes a trace with gaps consistent.
class HeldBlocks {
 public:
  using Visit = std::function<void(const TraceEvent&)>;

  /// Effect: visits the event, after a free that the trace lacks, if the block is still held.
  void allocate(const TraceEvent& event, const Visit& visit);
  /// Effect: completes the event from its allocation and visits it; leaves it out if there is none.
  void free(TraceEvent event, const Visit& visit);
  /// Effect: takes over what a packet says about the 32 blocks whose `TraceEvent::block` begin at `first`:
  /// `pattern` with the time, the pool, and the size of a block whose allocation is unknown.
  void settle(std::uint32_t first, std::uint32_t held, const TraceEvent& pattern, const Visit& visit);

  /// Events that were made up or left out.
  std::uint64_t mended() const { return mended_; }

 private:
  void end(std::unordered_map<std::uint32_t, TraceEvent>::iterator held, const TraceEvent& at,
           const Visit& visit);

  std::unordered_map<std::uint32_t, TraceEvent> live_;
  // A free is recorded after the block is free. An interrupt may have taken it by then: its record comes
  // first, and the record of the free is still to come.
  std::unordered_set<std::uint32_t> freed_ahead_;
  std::uint64_t mended_ = 0;
};

}  // namespace millpond::trace
