// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "tests/trace/Recording.h"
#include "trace/Repair.h"

namespace millpond::test {
namespace {

// Three packets, each of which takes a block of its own.
struct ThreePackets : Recording {
  ThreePackets() {
    for (std::uint32_t at = 0; at < 3; ++at) {
      take(100 + at, at);
      read();
      ends[at] = stream().size();
    }
  }
  std::filesystem::path repaired() const { return folder().parent_path() / "repaired"; }
  std::size_t ends[3] = {};
};

TEST(Repair, KeepsTheWholePacketsOfACutTrace) {
  const ThreePackets recording;
  const std::string whole = recording.stream();
  recording.setStream(whole.substr(0, whole.size() - 3));
  const trace::Repaired repaired = trace::repair(recording.folder(), recording.repaired());
  EXPECT_EQ(repaired.packets, 2U);
  EXPECT_EQ(repaired.kept_bytes, recording.ends[1]);
  EXPECT_EQ(repaired.bytes, whole.size() - 3);
  trace::TraceReader reader(recording.repaired());
  EXPECT_EQ(Recording::eventsOf(reader).size(), 2U);
}

TEST(Repair, GoesOnAfterADamagedPacket) {
  const ThreePackets recording;
  std::string stream = recording.stream();
  stream.replace(recording.ends[0], 30, 30, '\xff');
  recording.setStream(stream);
  EXPECT_EQ(trace::repair(recording.folder(), recording.repaired()).packets, 2U);
  trace::TraceReader reader(recording.repaired());
  EXPECT_EQ(Recording::eventsOf(reader).size(), 3U);  // of the lost packet the block is made up
}

TEST(Repair, LeavesOutAPacketWhoseHeaderContradictsTheOthers) {
  for (const int packet : {0, 1, 2}) {
    const ThreePackets recording;
    std::string stream = recording.stream();
    const std::size_t begin = packet == 0 ? 0 : recording.ends[packet - 1];
    for (const std::size_t time : {5U, 13U}) stream[begin + time + 5] = packet == 2 ? 0 : 1;
    stream[begin + 29] = packet == 2 ? 0 : 99;  // its number
    recording.setStream(stream);
    EXPECT_EQ(trace::repair(recording.folder(), recording.repaired()).packets, 2U) << packet;
    EXPECT_EQ(refusal(recording.repaired()), "") << packet;
  }
}

TEST(Repair, TakesApartAFileAsASocketWouldHaveIt) {
  const ThreePackets recording;
  const std::filesystem::path file = recording.folder().parent_path() / "received";
  Recording::write(file, Recording::bytesOf(recording.folder() / "metadata") + recording.stream());
  EXPECT_EQ(trace::repair(file, recording.repaired()).packets, 3U);
  EXPECT_EQ(refusal(recording.repaired()), "");
}

TEST(Repair, RefusesWhatHasNothingToKeep) {
  const ThreePackets recording;
  recording.setStream("cut");
  EXPECT_THROW(trace::repair(recording.folder(), recording.repaired()), trace::TraceError);
  EXPECT_FALSE(std::filesystem::exists(recording.repaired()));
  Recording::write(recording.folder() / "metadata", "");
  EXPECT_THROW(trace::repair(recording.folder(), recording.repaired()), trace::TraceError);
}

TEST(Repair, WritesOverNoOtherTrace) {
  const ThreePackets recording;
  EXPECT_THROW(trace::repair(recording.folder(), recording.folder()), trace::TraceError);
}

}  // namespace
}  // namespace millpond::test
