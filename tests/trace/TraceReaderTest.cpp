// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <span>
#include <utility>

#include "millpond/trace/TraceFormat.h"
#include "tests/trace/Recording.h"
#include "trace/TraceReader.h"

namespace millpond::test {
namespace {

using trace::TraceEvent;
using trace::TraceReader;
using Kind = TraceEvent::Kind;

void expectRefused(const std::filesystem::path& folder, const std::string& reason) {
  const std::string why = refusal(folder);
  EXPECT_NE(why.find(reason), std::string::npos) << why;
  EXPECT_EQ(why.find('\n'), std::string::npos) << why;
  EXPECT_NE(why.find(folder.string()), std::string::npos) << why;
}

TEST(TraceReader, GivesEveryKindOfEventAsItWasWritten) {
  Recording recording;
  recording.take(10, 3);
  recording.add(20, {.kind = TraceKind::exhausted, .pool = 1, .size = 600, .source = "tls"});
  recording.add(20, {.kind = TraceKind::oversize, .pool = 0, .size = 5000, .source = "tls"});
  recording.add(21,
                {.kind = TraceKind::heap_allocation, .pool = 1, .size = 600, .block = 7, .source = "tls"});
  recording.add(22, {.kind = TraceKind::refused, .pool = 2, .interrupt = true, .size = 9, .source = "irq"});
  recording.add(30, {.kind = TraceKind::rejected_free, .pool = 0, .source = "capture"});
  recording.add(31, {.kind = TraceKind::foreign_free});
  recording.add(32, {.kind = TraceKind::pressure, .size = 2});
  recording.add(33, {.kind = TraceKind::reclaim, .size = 4096, .source = "cache"});
  recording.add(34, {.kind = TraceKind::heap_free, .block = 7});
  recording.give(40, 3);
  const std::vector<TraceEvent> events = recording.read();
  const std::uint32_t audio3 = trace_format::pointerOf(0, 3);
  const std::vector<TraceEvent> expected{
      {.time_ns = 10000, .size = 4000, .block = audio3, .source = 1, .kind = Kind::allocation},
      {.time_ns = 20000, .size = 600, .source = 2, .kind = Kind::exhausted, .pool = 1},
      {.time_ns = 20000, .size = 5000, .source = 2, .kind = Kind::oversize},
      {.time_ns = 21000,
       .size = 600,
       .block = 7,
       .source = 2,
       .kind = Kind::allocation,
       .pool = 1,
       .heap = true},
      {.time_ns = 22000, .size = 9, .source = 3, .kind = Kind::refused, .pool = 2, .interrupt = true},
      {.time_ns = 30000, .source = 1, .kind = Kind::rejected_free},
      {.time_ns = 31000, .kind = Kind::rejected_free, .heap = true},
      {.time_ns = 32000, .size = 2, .kind = Kind::pressure},
      {.time_ns = 33000, .size = 4096, .source = 4, .kind = Kind::reclaim},
      {.time_ns = 34000, .size = 600, .block = 7, .source = 2, .kind = Kind::free, .pool = 1, .heap = true},
      {.time_ns = 40000, .size = 4000, .block = audio3, .source = 1, .kind = Kind::free},
  };
  ASSERT_EQ(events.size(), expected.size());
  for (std::size_t at = 0; at < events.size(); ++at) EXPECT_TRUE(events[at] == expected[at]) << at;
}

TEST(TraceReader, KnowsPoolsAtOnceAndSourcesAndFiguresAfterwards) {
  Recording recording;
  recording.take(1'000'000, 0);
  recording.give(3'500'000, 0);
  recording.encoder().countLost(5);
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  ASSERT_EQ(reader.pools().size(), 3U);
  EXPECT_TRUE(reader.pools()[1] == (trace::TracePool{"general", true, 40, 512}));
  EXPECT_TRUE(reader.pools()[2] == (trace::TracePool{"small", false, 0, 0}));
  for (int pass = 0; pass < 2; ++pass) {
    Recording::eventsOf(reader);
    EXPECT_EQ(reader.sources(), (std::vector<std::string>{"?", "capture"}));
    EXPECT_EQ(reader.totals().events, 2U);
    EXPECT_EQ(reader.totals().lost, 5U);
    EXPECT_EQ(reader.totals().mended, 0U);
    EXPECT_DOUBLE_EQ(reader.totals().seconds, 2.5);
  }
}

TEST(TraceReader, GivesEventsWithoutASourceNoName) {
  Recording recording;
  for (std::uint64_t at = 0; at < 200; ++at) {
    recording.take(10 * at, 1);
    recording.give(10 * at + 1, 1);
    recording.add(10 * at + 2, {.kind = TraceKind::heap_allocation, .pool = 2, .size = 8, .block = 7});
    recording.add(10 * at + 3, {.kind = TraceKind::heap_free, .block = 7});
  }
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  Recording::eventsOf(reader);
  EXPECT_EQ(reader.sources(), (std::vector<std::string>{"?", "capture"}));
}

TEST(TraceReader, KeepsTheTimeOverAnyGap) {
  Recording recording;
  recording.take(5, 0);
  recording.give(5 + (std::uint64_t{1} << 31U), 0);
  recording.take((std::uint64_t{1} << 40U) + 1, 0);
  const std::vector<TraceEvent> events = recording.read();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].time_ns, (5 + (std::uint64_t{1} << 31U)) * 1000);
  EXPECT_EQ(events[2].time_ns, ((std::uint64_t{1} << 40U) + 1) * 1000);
}

TEST(TraceReader, ReadsManyPacketsOfManySources) {
  Recording recording;
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int at = 0; at < 70; ++at) all.push_back("source" + std::to_string(at));
    return all;
  }();
  for (std::uint32_t at = 0; at < 700; ++at) {
    recording.take(2 * at, 1, names[at % 70].c_str());
    recording.give(2 * at + 1, 1, names[at % 70].c_str());
  }
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  const std::vector<TraceEvent> events = Recording::eventsOf(reader);
  ASSERT_EQ(events.size(), 1400U);
  EXPECT_EQ(reader.totals().mended, 0U);
  EXPECT_EQ(reader.sources()[events[2 * 63].source], "source63");
  EXPECT_EQ(reader.sources()[events[2 * 64].source], "(others)");
}

// Mending

TEST(TraceReader, MakesUpTheBlocksThatWereHeldBefore) {
  Recording recording;
  recording.encoder().setHeld(0, 0, 0b100);
  recording.encoder().setHeld(1, 32, 0b1);
  recording.give(10, 2);
  const std::vector<TraceEvent> events = recording.read();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].kind, Kind::allocation);
  EXPECT_EQ(events[0].size, 4096U);
  EXPECT_EQ(events[1].block, trace_format::pointerOf(1, 32));
  EXPECT_EQ(events[2].kind, Kind::free);
  EXPECT_EQ(events[2].size, 4096U);
}

TEST(TraceReader, EndsABlockWhoseFreeWasLostAtTheNextPacket) {
  Recording recording;
  recording.take(10, 2);
  recording.encoder().flush();
  recording.encoder().setHeld(0, 0, 0);
  recording.take(90, 3);
  const std::vector<TraceEvent> events = recording.read();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].kind, Kind::free);
  EXPECT_EQ(events[1].time_ns, 90000U);
  EXPECT_EQ(events[1].size, 4000U);
}

TEST(TraceReader, LeavesOutAFreeWithoutAnAllocation) {
  Recording recording;
  recording.give(10, 2);
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  EXPECT_TRUE(Recording::eventsOf(reader).empty());
  EXPECT_EQ(reader.totals().mended, 1U);
}

TEST(TraceReader, PutsAFreeThatWasRecordedLateBeforeTheNextAllocation) {
  Recording recording;
  recording.take(10, 2, "task");
  recording.take(20, 2, "irq");  // an interrupt between the task's free and its record
  recording.give(21, 2, "task");
  recording.give(30, 2, "irq");
  const std::vector<TraceEvent> events = recording.read();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[1].kind, Kind::free);
  EXPECT_EQ(events[1].source, 1U);
  EXPECT_EQ(events[2].kind, Kind::allocation);
  EXPECT_EQ(events[3].kind, Kind::free);
  EXPECT_EQ(events[3].time_ns, 30000U);
}

// Bad input

// Bytes of the first packet's header.
constexpr std::size_t end_at = 13;
constexpr std::size_t sequence_at = 29;

TEST(TraceReader, CountsThePacketsThatItDoesNotHave) {
  Recording recording;
  recording.take(1000, 1);
  recording.read();
  std::string stream = recording.stream();
  stream[sequence_at] = 3;
  recording.setStream(stream);
  EXPECT_EQ(TraceReader(recording.folder()).totals().missing_packets, 3U);
}

TEST(TraceReader, ReplacesWhatWouldCommandATerminalInNames) {
  Recording recording;
  recording.take(1, 1, "\x1b[2Jx");
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  Recording::eventsOf(reader);
  EXPECT_EQ(reader.sources()[1], "?[2Jx");
}

TEST(TraceReader, RefusesAPacketInWhichTheClockMayHaveWrapped) {
  Recording recording;
  recording.take(1000, 1);
  recording.give(2000, 1);
  recording.read();
  std::string stream = recording.stream();
  stream[end_at + 4] = 1;  // 2^32 ticks later
  recording.setStream(stream);
  expectRefused(recording.folder(), "its events' clock wraps unseen");
}

TEST(TraceReader, ReadsAClockThatWrapsOnceInAPacket) {
  Recording recording;
  recording.take((std::uint64_t{1} << 32U) - 10, 1);
  recording.give((std::uint64_t{1} << 32U) + 10, 1);
  const std::vector<TraceEvent> events = recording.read();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].time_ns - events[0].time_ns, 20000U);
}

TEST(TraceReader, RefusesCountsOfPacketsThatRunBackward) {
  Recording recording;
  recording.take(1000, 1);
  recording.encoder().flush();
  recording.give(2000, 1);
  recording.read();
  std::string stream = recording.stream();
  stream[sequence_at] = 9;
  recording.setStream(stream);
  expectRefused(recording.folder(), "each boot of a device needs a new folder");
}

TEST(TraceReader, RefusesASizeThatNoDeviceRecords) {
  Recording recording;
  recording.add(1, {.kind = TraceKind::refused, .pool = 1, .size = 0x80000000U, .source = "tls"});
  recording.encoder().flush();
  expectRefused(recording.folder(), "a size of 2147483648 bytes is beyond any device");
}

TEST(TraceReader, RefusesPoolsThatChangeBetweenPackets) {
  Recording recording;
  recording.take(1000, 1);
  recording.encoder().flush();
  recording.give(2000, 1);
  recording.read();
  std::string stream = recording.stream();
  const std::size_t name = stream.rfind("general");
  stream[name - 4] ^= 1;  // the block size before it
  recording.setStream(stream);
  expectRefused(recording.folder(), "its pools are not those of the packets before");
}

TEST(TraceReader, RefusesASourceOfTwoNames) {
  Recording recording;
  recording.take(1000, 1, "first");
  recording.encoder().flush();
  recording.give(2000, 1, "first");
  recording.read();
  std::string stream = recording.stream();
  stream[stream.rfind("first")] = 'F';
  recording.setStream(stream);
  expectRefused(recording.folder(), "is called first and First");
}

TEST(TraceReader, RefusesAPipeAtOnce) {
  Recording recording;
  for (const char* name : {"stream", "metadata"}) {
    std::filesystem::remove(recording.folder() / name);
    ASSERT_EQ(::mkfifo((recording.folder() / name).c_str(), 0600), 0);
    expectRefused(recording.folder(), "not a file");
  }
}

TEST(TraceReader, NamesAFileThatIsNotOfATrace) {
  Recording recording;
  recording.take(1, 1);
  recording.encoder().flush();
  Recording::write(recording.folder() / "notes.txt", "of the kitchen");
  expectRefused(recording.folder(), "this has notes.txt");
}

TEST(TraceReader, RefusesAFolderThatIsNoTrace) {
  const TempFolder temp;
  expectRefused(temp / "nothing", "not a folder");
  expectRefused(temp.path(), "no file metadata");
  Recording::write(temp / "metadata", "/* CTF 1.8 */ trace { major = 1; minor = 8; };");
  expectRefused(temp.path(), "not of a trace by Millpond");
}

TEST(TraceReader, RefusesAMissingAndAnEmptyStream) {
  Recording recording;
  expectRefused(recording.folder(), "its stream is empty");
  std::filesystem::remove(recording.folder() / "stream");
  expectRefused(recording.folder(), "no file stream");
}

TEST(TraceReader, RefusesCutMetadata) {
  Recording recording;
  recording.take(1, 1);
  recording.read();
  const std::filesystem::path metadata = recording.folder() / "metadata";
  Recording::write(metadata, Recording::bytesOf(metadata).substr(0, 900));
  expectRefused(recording.folder(), "its metadata");
}

TEST(TraceReader, RefusesACutStreamAndTellsWhatHelps) {
  Recording recording;
  recording.take(1, 1);
  recording.read();
  const std::string whole = recording.stream();
  for (const std::size_t bytes : {whole.size() - 1, std::size_t{20}}) {
    recording.setStream(whole.substr(0, bytes));
    expectRefused(recording.folder(), "cut or damaged at byte 0 of " + std::to_string(bytes) +
                                          "; `millpond trace repair` keeps the whole packets");
  }
}

TEST(TraceReader, RefusesAnUnknownEvent) {
  Recording recording;
  recording.take(1, 1);
  recording.read();
  std::string stream = recording.stream();
  const std::size_t name = stream.find("capture");
  ASSERT_NE(name, std::string::npos);
  stream[name - 8] = 77;  // before it: the id, the time, the source, and whether it was an interrupt
  recording.setStream(stream);
  expectRefused(recording.folder(), "damaged");
}

TEST(TraceReader, RefusesAClockThatRunsBackwardInAPacket) {
  Recording recording;
  recording.take(1000, 1);
  recording.give(2000, 1);
  recording.read();
  std::string stream = recording.stream();
  const std::size_t last = stream.size() - 4 - 1 - 1 - 2 - 4;  // of the last event: its time
  stream[last] = 1;
  stream[last + 1] = 0;
  recording.setStream(stream);
  expectRefused(recording.folder(), "its clock runs backward, or wraps");
}

TEST(TraceReader, RefusesAClockThatRunsBackwardBetweenPackets) {
  Recording recording;
  recording.take(1000, 1);
  recording.read();
  const std::string first = recording.stream();
  recording.give(2000, 1);
  recording.read();
  recording.setStream(recording.stream().substr(first.size()) + first);
  expectRefused(recording.folder(), "each boot of a device needs a new folder");
}

TEST(TraceReader, RefusesATraceOfAnotherVersion) {
  Recording recording;
  recording.take(1, 1);
  recording.read();
  const std::filesystem::path metadata = recording.folder() / "metadata";
  std::string text = Recording::bytesOf(metadata);
  const std::size_t at = text.find("lttng_ust_libc:malloc");
  text.replace(at, 21, "lttng_ust_libc:melloc");
  Recording::write(metadata, text);
  expectRefused(recording.folder(), "another version");
}

// libbabeltrace2 takes these, and the reader would look for fields that are not there.
TEST(TraceReader, RefusesMetadataThatIsNotItsOwn) {
  const std::pair<std::string, std::string> changes[] = {
      {"fields :=", "fielts :="},
      {"pointer_t ptr; uint8_t pool", "uint8_t pool; pointer_t ptr"},
      {"event.context :=", "event.kontext :="},
      {"freq = 1000000", "freq = 99999999999"},
      {"freq = 1000000", "freq = -1"},
      {"byte_order = le", "byte_order = xx"}};
  for (const auto& [from, to] : changes) {
    Recording recording;
    recording.take(1, 1);
    recording.read();
    const std::filesystem::path metadata = recording.folder() / "metadata";
    const std::string packets = Recording::bytesOf(metadata);
    std::string text = trace::metadataText(std::as_bytes(std::span(packets)));
    Recording::write(metadata, text);
    ASSERT_EQ(refusal(recording.folder()), "");
    ASSERT_NE(text.find(from), std::string::npos) << from;
    Recording::write(metadata, text.replace(text.find(from), from.size(), to));
    expectRefused(recording.folder(), "its metadata is");
  }
}

TEST(TraceReader, RefusesAnEventThatNoDeviceWrites) {
  Recording recording;
  recording.take(1, 1);
  recording.read();
  std::string stream = recording.stream();
  stream[stream.find("capture") - 8] =
      2;  // the id of calloc, whose fields are as long as those of malloc and more
  recording.setStream(stream + std::string(3, '\0'));
  std::string longer = recording.stream();
  for (const std::size_t size : {21U, 25U}) {
    const auto bits = static_cast<std::uint32_t>(longer.size() * 8);
    for (std::size_t at = 0; at < 4; ++at) longer[size + at] = static_cast<char>(bits >> (8 * at));
  }
  recording.setStream(longer);
  expectRefused(recording.folder(), "an event that no device writes");
}

TEST(TraceReader, PassesOnWhatItsVisitorThrows) {
  Recording recording;
  recording.take(1, 1);
  recording.encoder().flush();
  TraceReader reader(recording.folder());
  EXPECT_THROW(reader.forEach([](const TraceEvent&) { throw std::bad_alloc(); }), std::bad_alloc);
}

TEST(TraceReader, GivesWhatTheRealBabeltraceSees) {
  Recording recording;
  recording.take(1, 1);
  recording.give(2, 1);
  recording.read();
  const std::filesystem::path seen = recording.folder().parent_path() / "seen";
  const std::string command =
      "babeltrace2 --no-delta --names none " + recording.folder().string() + " > " + seen.string() + " 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0) << Recording::bytesOf(seen);
  const std::string text = Recording::bytesOf(seen);
  EXPECT_NE(text.find("lttng_ust_libc:malloc: { 0 }, { 1, 0, \"capture\" }, { 4000, 0x1000001, 0 }"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("lttng_ust_libc:free: { 0 }, { 1, 0, \"\" }, { 0x1000001 }"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace millpond::test
