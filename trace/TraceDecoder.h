// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <babeltrace2/babeltrace.h>

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

#include "millpond/trace/TraceFormat.h"
#include "trace/LiveTable.h"
#include "trace/PacketWalk.h"
#include "trace/TraceReader.h"

namespace millpond::trace {

/// One pass of libbabeltrace2 over a trace.
class TraceDecoder {
 public:
  TraceDecoder(TraceReader& reader, const LiveTable::Visit& visit);

  /// Effect: decodes the trace, up to the first event if `only_pools`. Throws: `TraceError`, and what `visit`
  /// throws.
  void decode(bool only_pools);

 private:
  /// Where an event class has the fields of its row of the table.
  struct Known {
    const bt_event_class* of = nullptr;
    trace_format::Event event{};
    std::array<std::uint64_t, 5> at{};
  };
  struct Enough {};

  static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator* iterator,
                                                                    void* self);
  void take(const bt_message* message);
  void beginPacket();
  void takeEvent(const bt_message* message);
  void takeState(const Known& known, const bt_field* payload, const TraceEvent& event);
  const Known& knownOf(const bt_event_class* of);
  /// Throws: `TraceError` for a size that no device records.
  std::uint32_t sizeIn(const bt_field* payload, std::uint64_t member) const;
  std::uint16_t sourceOf(const bt_field* context, bool& interrupt);
  void deliver(const Known& known, const bt_field* payload, TraceEvent event);
  [[noreturn]] void damaged(const std::string& what) const;

  TraceReader& reader_;
  const LiveTable::Visit& visit_;
  LiveTable live_;
  PacketWalk walk_;
  std::optional<Packet> packet_;
  std::uint64_t packets_ = 0;
  std::uint64_t last_ticks_ = 0;
  std::array<Known, trace_format::event_count> known_{};
  bool only_pools_ = false;
  std::exception_ptr thrown_;
};

}  // namespace millpond::trace
