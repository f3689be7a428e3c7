// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/Export.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

namespace millpond::trace {

namespace {

constexpr std::array<const char*, 8> kind_names{"allocation", "free",          "exhausted", "oversize",
                                                "refused",    "rejected_free", "pressure",  "reclaim"};
constexpr std::size_t part_bytes = std::size_t{64} * 1024;

const char* nameOf(TraceEvent::Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::string sourceOf(const TraceReader& reader, const TraceEvent& event) {
  return event.source < reader.sources().size() ? reader.sources()[event.source] : "?";
}

// A name may have a comma or a quote.
std::string quoted(const std::string& text) {
  if (text.find_first_of("\",\n") == std::string::npos) return text;
  std::string all = "\"";
  for (const char letter : text) all += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return all + '"';
}

// Text that is written in large parts.
class Output {
 public:
  explicit Output(const Write& write) : write_(write) {}
  void add(const std::string& text) {
    text_ += text;
    if (text_.size() >= part_bytes) flush();
  }
  void flush() {
    write_(text_);
    text_.clear();
  }

 private:
  const Write& write_;
  std::string text_;
};

/// Writes the events of Chrome's format, which counts in microseconds.
class Spans {
 public:
  Spans(const TraceReader& reader, Output& output) : reader_(reader), output_(output) {}

  void take(const TraceEvent& event) {
    last_ns_ = event.time_ns;
    const bool allocated = event.kind == TraceEvent::Kind::allocation;
    if (!allocated && event.kind != TraceEvent::Kind::free) return point(event);
    const std::size_t row = event.heap ? reader_.pools().size() : event.pool;
    if (row >= held_.size()) held_.resize(row + 1);
    held_[row] += allocated ? event.size : -std::int64_t{event.size};
    add({{"ph", "C"}, {"name", trackOf(event) + " bytes"}, {"args", {{"bytes", held_[row]}}}}, event.time_ns);
    span(event, allocated ? "b" : "e", event.time_ns);
    if (allocated) {
      open_[event.block] = event;
    } else {
      open_.erase(event.block);
    }
  }

  void end() {
    for (const auto& [block, event] : open_) span(event, "e", last_ns_);
  }

 private:
  std::string trackOf(const TraceEvent& event) const {
    return event.heap ? "heap" : reader_.pools()[event.pool].name;
  }
  void span(const TraceEvent& event, const char* phase, std::uint64_t time_ns) {
    add({{"ph", phase},
         {"cat", trackOf(event)},
         {"id", event.block},
         {"name", sourceOf(reader_, event)},
         {"args", {{"size", event.size}}}},
        time_ns);
  }
  void point(const TraceEvent& event) {
    add({{"ph", "i"},
         {"s", "p"},
         {"name", std::string(nameOf(event.kind)) + " " + sourceOf(reader_, event)},
         {"args", {{"size", event.size}, {"pool", reader_.pools()[event.pool].name}}}},
        event.time_ns);
  }
  void add(nlohmann::json event, std::uint64_t time_ns) {
    event["pid"] = 1;
    event["tid"] = 1;
    event["ts"] = static_cast<double>(time_ns) / 1000;
    output_.add((first_ ? "\n" : ",\n") +
                event.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    first_ = false;
  }

  const TraceReader& reader_;
  Output& output_;
  std::vector<std::int64_t> held_;  // by row; the heap's is the last
  std::map<std::uint32_t, TraceEvent> open_;
  std::uint64_t last_ns_ = 0;
  bool first_ = true;
};

}  // namespace

void exportCsv(TraceReader& reader, const Write& write) {
  Output output(write);
  output.add("time_ns,event,pool,heap,size,block,source,interrupt\n");
  reader.forEach([&](const TraceEvent& event) {
    output.add(std::to_string(event.time_ns) + ',' + nameOf(event.kind) + ',' +
               quoted(reader.pools()[event.pool].name) + ',' + (event.heap ? '1' : '0') + ',' +
               std::to_string(event.size) + ',' + std::to_string(event.block) + ',' +
               quoted(sourceOf(reader, event)) + ',' + (event.interrupt ? '1' : '0') + '\n');
  });
  output.flush();
}

void exportPerfetto(TraceReader& reader, const Write& write) {
  Output output(write);
  output.add(R"({"displayTimeUnit":"ms","traceEvents":[)");
  Spans spans(reader, output);
  reader.forEach([&](const TraceEvent& event) { spans.take(event); });
  spans.end();
  output.add("\n]}\n");
  output.flush();
}

}  // namespace millpond::trace
