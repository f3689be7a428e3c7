// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trace/PacketWalk.h"
#include "trace/TraceEvent.h"

namespace millpond::trace {

/// Reads the trace of one device from its folder: one life, from a boot on. Memory does not depend on the
/// length of the trace.
///
/// A consumer sees a consistent life: a block is allocated only while it is free, and freed only while it is
/// held. Where the trace lost events, the reader makes up the difference to the next record of what was held.
///
///     TraceReader trace("traces/kitchen");
///     trace.forEach([](const TraceEvent& event) { ... });
class TraceReader {
 public:
  /// What `forEach` met, besides the events.
  struct Totals {
    std::uint64_t events = 0;
    /// Events that the device dropped because its ring was full.
    std::uint64_t lost = 0;
    /// Packets that the device made and the trace does not have. How many events they had is not known,
    /// unless the device's sink refused them: then `lost` counts them.
    std::uint64_t missing_packets = 0;
    /// Allocations and frees that were made up, and events without a counterpart that were left out.
    std::uint64_t mended = 0;
    /// From the first packet's begin to the last packet's end.
    double seconds = 0;
  };

  /// The files of a trace in its folder.
  static constexpr const char* metadata_file = "metadata";
  static constexpr const char* stream_file = "stream";

  /// Throws: `TraceError` for a folder that has no trace of Millpond, or whose files are cut or damaged.
  explicit TraceReader(const std::filesystem::path& folder);

  /// Effect: calls `visit` with each event in order of time; may be called again. Throws: `TraceError` for a
  /// trace that is damaged further on; `visit` has seen the events before.
  void forEach(const std::function<void(const TraceEvent&)>& visit);

  /// The pools in the order of the device's table, then the classes of requests without a pool. Complete
  /// after the constructor.
  const std::vector<TracePool>& pools() const { return pools_; }
  /// The names of the sources that the events so far came from.
  const std::vector<std::string>& sources() const { return sources_; }
  /// Of the last `forEach`.
  const Totals& totals() const { return totals_; }

 private:
  friend class TraceDecoder;

  std::filesystem::path folder_;
  TraceFacts facts_;
  std::unique_ptr<InputFile> stream_;
  std::vector<TracePool> pools_;
  std::vector<std::string> sources_;
  Totals totals_;
};

}  // namespace millpond::trace
