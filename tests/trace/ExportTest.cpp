// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>

#include "tests/trace/Recording.h"
#include "trace/Export.h"

namespace millpond::test {
namespace {

using nlohmann::json;

std::string exported(Recording& recording, void (*write)(trace::TraceReader&, const trace::Write&)) {
  recording.encoder().flush();
  trace::TraceReader reader(recording.folder());
  std::string all;
  write(reader, [&](const std::string& text) { all += text; });
  return all;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Every event kind, a name that needs quotes, and a block that is never freed.
void recordSome(Recording& recording) {
  recording.take(10, 3);
  recording.take(20, 1, "a \"b\", c");
  recording.add(20, {.kind = TraceKind::exhausted, .pool = 1, .size = 600, .source = "tls"});
  recording.add(21,
                {.kind = TraceKind::heap_allocation, .pool = 1, .size = 600, .block = 7, .source = "tls"});
  recording.add(22, {.kind = TraceKind::refused, .pool = 2, .interrupt = true, .size = 9, .source = "irq"});
  recording.add(23, {.kind = TraceKind::pressure, .size = 2});
  recording.add(34, {.kind = TraceKind::heap_free, .block = 7});
  recording.give(40, 3);
}

/// Holds a file to Chrome's trace event format, as far as it says what counters, asynchronous spans and
/// instants are. Returns: the first fault; empty if there is none.
class StrictReader {
 public:
  std::string faultOf(const std::string& text) {
    const json file = json::parse(text, nullptr, false);
    if (!file.is_object() || file.size() != 2) return "not an object of two members";
    if (file.value("displayTimeUnit", "") != "ms") return "no unit";
    for (const json& event : file.at("traceEvents"))
      if (const std::string fault = faultIn(event); !fault.empty()) return fault + ": " + event.dump();
    return open_.empty() ? "" : "a span does not end";
  }

 private:
  std::string faultIn(const json& event) {
    const std::string phase = event.value("ph", "");
    const std::map<std::string, std::set<std::string>> own{
        {"C", {"args"}}, {"b", {"cat", "id", "args"}}, {"e", {"cat", "id", "args"}}, {"i", {"s", "args"}}};
    if (!own.contains(phase)) return "an unknown phase";
    std::set<std::string> keys = own.at(phase);
    keys.insert({"ph", "name", "pid", "tid", "ts"});
    for (const auto& [key, value] : event.items())
      if (keys.erase(key) == 0) return "an unknown key";
    if (!keys.empty()) return "without " + *keys.begin();
    if (!event["name"].is_string() || event["name"] == "") return "without a name";
    if (!event["pid"].is_number_unsigned() || !event["tid"].is_number_unsigned()) return "of no thread";
    if (!event["ts"].is_number() || event["ts"] < last_) return "earlier than the one before";
    if (!event["args"].is_object()) return "arguments that are no object";
    last_ = event["ts"];
    if (phase == "C") return faultInCounter(event);
    if (phase == "i") return event["s"] == "p" ? "" : "an instant without a scope";
    return faultInSpan(event, phase == "b");
  }
  static std::string faultInCounter(const json& event) {
    for (const json& value : event["args"])
      if (!value.is_number_integer() || value < 0) return "a counter below 0 or not a whole number";
    return event["args"].empty() ? "a counter without a value" : "";
  }
  std::string faultInSpan(const json& event, bool begins) {
    if (!event["cat"].is_string() || !event["id"].is_number_unsigned()) return "a span without identity";
    const std::tuple<std::string, std::uint64_t, std::string> identity{event["cat"], event["id"],
                                                                       event["name"]};
    if (begins) return open_.insert(identity).second ? "" : "a span that is open already";
    return open_.erase(identity) == 1 ? "" : "the end of no span";
  }

  std::set<std::tuple<std::string, std::uint64_t, std::string>> open_;
  double last_ = 0;
};

TEST(Export, PerfettoReadsCountersSpansAndInstants) {
  Recording recording;
  recordSome(recording);
  const std::string text = exported(recording, &trace::exportPerfetto);
  EXPECT_EQ(StrictReader().faultOf(text), "") << text;
  std::map<std::string, int> phases;
  std::map<std::string, std::uint64_t> most;
  const json file = json::parse(text);
  for (const json& event : file["traceEvents"]) {
    ++phases[event["ph"]];
    if (event["ph"] != "C") continue;
    std::uint64_t& high = most[event["name"]];
    high = std::max(high, event["args"]["bytes"].get<std::uint64_t>());
  }
  EXPECT_EQ(phases, (std::map<std::string, int>{{"C", 5}, {"b", 3}, {"e", 3}, {"i", 3}}));
  EXPECT_EQ(most, (std::map<std::string, std::uint64_t>{{"audio bytes", 8000}, {"heap bytes", 600}}));
  EXPECT_EQ(file["traceEvents"][0]["ts"], 10.0) << "microseconds";
}

TEST(Export, TheStrictReaderFindsFaults) {
  Recording recording;
  recordSome(recording);
  const std::string good = exported(recording, &trace::exportPerfetto);
  const auto broken = [&](const std::string& text, const std::string& by) {
    std::string bad = good;
    bad.replace(bad.find(text), text.size(), by);
    return StrictReader().faultOf(bad);
  };
  EXPECT_NE(broken("\"ph\":\"b\"", "\"ph\":\"e\""), "");
  EXPECT_NE(broken("\"ph\":\"i\"", "\"ph\":\"x\""), "");
  EXPECT_NE(broken("\"ts\":20", "\"ts\":2"), "");
  EXPECT_NE(broken("\"bytes\":4000", "\"bytes\":-1"), "");
  EXPECT_NE(broken("\"id\":", "\"ID\":"), "");
}

TEST(Export, CsvHasARowAnEvent) {
  Recording recording;
  recordSome(recording);
  const std::vector<std::string> lines = linesOf(exported(recording, &trace::exportCsv));
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_EQ(lines[0], "time_ns,event,pool,heap,size,block,source,interrupt");
  EXPECT_EQ(lines[1], "10000,allocation,audio,0,4000,16777219,capture,0");
  EXPECT_EQ(lines[2], "20000,allocation,audio,0,4000,16777217,\"a \"\"b\"\", c\",0");
  EXPECT_EQ(lines[3], "20000,exhausted,general,0,600,0,tls,0");
  EXPECT_EQ(lines[4], "21000,allocation,general,1,600,7,tls,0");
  EXPECT_EQ(lines[5], "22000,refused,small,0,9,0,irq,1");
  EXPECT_EQ(lines[6], "23000,pressure,audio,0,2,0,?,0");
  EXPECT_EQ(lines[7], "34000,free,general,1,600,7,tls,0");
  EXPECT_EQ(lines[8], "40000,free,audio,0,4000,16777219,capture,0");
}

}  // namespace
}  // namespace millpond::test
