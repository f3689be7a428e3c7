// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <babeltrace2/babeltrace.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

#include "millpond/trace/TraceFormat.h"
#include "trace/HeldBlocks.h"
#include "trace/PacketWalk.h"
#include "trace/TraceReader.h"

namespace millpond::trace {

/// One pass of libbabeltrace2 over a trace.
class TraceDecoder {
 public:
  TraceDecoder(TraceReader& reader, const HeldBlocks::Visit& visit);

  /// Effect: decodes the trace, up to the first event if `only_pools`. Throws: `TraceError`, and what `visit`
  /// throws.
  void decode(bool only_pools);

 private:
  struct Enough {};

  static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator* iterator,
                                                                    void* self);
  void take(const bt_message* message);
  void beginPacket();
  void takeEvent(const bt_message* message);
  void takeState(trace_format::Event kind, const bt_field* payload, const TraceEvent& event);
  /// Throws: `TraceError` for a size that no device records.
  std::uint32_t sizeIn(const bt_field* payload, std::uint64_t member) const;
  std::uint16_t sourceOf(const bt_field* context, bool& interrupt);
  void deliver(trace_format::Event kind, const bt_field* payload, TraceEvent event);
  [[noreturn]] void damaged(const std::string& what) const;

  TraceReader& reader_;
  const HeldBlocks::Visit& visit_;
  HeldBlocks live_;
  PacketWalk walk_;
  std::optional<Packet> packet_;
  std::uint64_t packets_ = 0;
  std::uint64_t last_ticks_ = 0;
  bool only_pools_ = false;
  std::exception_ptr thrown_;
};

}  // namespace millpond::trace
