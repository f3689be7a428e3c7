// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "millpond/trace/TraceEncoder.h"
#include "tests/support/TempFolder.h"
#include "trace/TraceFolder.h"
#include "trace/TraceReader.h"

namespace millpond::test {

/// A trace of a device with two pools, "audio" of 4 blocks and "general" of 40 granules, and a class "small"
/// without a pool. A tick is a microsecond.
class Recording {
 public:
  Recording() { encoder_.begin(); }

  std::filesystem::path folder() const { return temp_ / "trace"; }
  TraceEncoder& encoder() { return encoder_; }
  void add(std::uint64_t ticks, const TraceEntry& entry) { encoder_.add(ticks, entry); }
  void take(std::uint64_t ticks, std::uint32_t block, const char* source = "capture") {
    add(ticks, {.kind = TraceKind::allocation, .pool = 0, .size = 4000, .block = block, .source = source});
  }
  void give(std::uint64_t ticks, std::uint32_t block, const char* source = "capture") {
    add(ticks, {.kind = TraceKind::free, .pool = 0, .block = block, .source = source});
  }

  /// Effect: ends the trace. Returns: its events as the reader gives them.
  std::vector<trace::TraceEvent> read() {
    encoder_.flush();
    trace::TraceReader reader(folder());
    return eventsOf(reader);
  }
  static std::vector<trace::TraceEvent> eventsOf(trace::TraceReader& reader) {
    std::vector<trace::TraceEvent> events;
    reader.forEach([&](const trace::TraceEvent& event) { events.push_back(event); });
    return events;
  }

  std::string stream() const { return bytesOf(folder() / "stream"); }
  void setStream(const std::string& bytes) const { write(folder() / "stream", bytes); }
  static std::string bytesOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }

 private:
  static constexpr TraceEncoder::Pool pools[] = {
      {"audio", false, 4, 4096}, {"general", true, 40, 512}, {"small"}};

  TempFolder temp_;
  trace::TraceFolder folder_{temp_ / "trace"};
  std::vector<std::byte> packet_ = std::vector<std::byte>(TraceEncoder::leastPacket(pools));
  std::vector<std::uint32_t> held_ = std::vector<std::uint32_t>(TraceEncoder::heldWords(pools));
  TraceEncoder encoder_{{packet_, held_, pools}, folder_.sink()};
};

/// Returns: why the trace in `folder` is refused; empty if it is not.
inline std::string refusal(const std::filesystem::path& folder) {
  try {
    trace::TraceReader reader(folder);
    reader.forEach([](const trace::TraceEvent&) {});
  } catch (const trace::TraceError& error) {
    return error.what();
  }
  return {};
}

}  // namespace millpond::test
