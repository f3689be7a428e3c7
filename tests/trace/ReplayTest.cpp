// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/trace/Recording.h"
#include "trace/Replay.h"

namespace millpond::test {
namespace {

trace::Replayed replayOn(Recording& recording, const nlohmann::json& pools) {
  recording.encoder().flush();
  trace::TraceReader reader(recording.folder());
  return trace::replay(reader, lab::PoolFile({{"pools", pools}}, "pools.json"));
}

nlohmann::json audio(std::uint32_t blocks, std::uint32_t block_size = 4096) {
  return {{{"name", "audio"}, {"kind", "blocks"}, {"blocks", blocks}, {"block_size", block_size}}};
}

TEST(TraceReplay, CountsWhatFewerBlocksCannotServe) {
  Recording recording;
  recording.take(10, 0);
  recording.take(20, 1);
  recording.give(30, 0);
  recording.take(40, 2);
  recording.give(50, 1);
  recording.give(60, 2);
  const trace::Replayed enough = replayOn(recording, audio(2));
  ASSERT_EQ(enough.classes.size(), 1U);
  EXPECT_EQ(enough.classes[0].name, "audio");
  EXPECT_EQ(enough.classes[0].requests, 3U);
  EXPECT_EQ(enough.classes[0].exhausted, 0U);
  EXPECT_EQ(enough.fallback_bytes, 0U);
  EXPECT_EQ(enough.events, 6U);
  const trace::Replayed fewer = replayOn(recording, audio(1));
  EXPECT_EQ(fewer.classes[0].exhausted, 1U) << "the block is free again at the third";
  EXPECT_EQ(fewer.classes[0].refused, 0U) << "the heap served it";
  EXPECT_EQ(fewer.fallback_bytes, 4000U);
  EXPECT_EQ(fewer.fallback_peak, 4000U);
}

TEST(TraceReplay, TellsWhatTheHeapCouldNotServeEither) {
  Recording recording;
  for (std::uint32_t at = 0; at < 40; ++at)
    recording.add(at, {.kind = TraceKind::heap_allocation, .size = 4000, .block = at, .source = "capture"});
  const trace::Replayed replayed = replayOn(recording, audio(4));
  EXPECT_EQ(replayed.classes[0].exhausted, 36U);
  EXPECT_GT(replayed.classes[0].refused, 0U);
  EXPECT_LE(replayed.fallback_peak, 65536U) << "the fallback's limit";
}

TEST(TraceReplay, AsksAgainForWhatTheDeviceWasRefused) {
  Recording recording;
  recording.add(10, {.kind = TraceKind::refused, .pool = 0, .size = 4000, .source = "capture"});
  recording.add(11, {.kind = TraceKind::refused, .pool = 0, .size = 4000, .source = "capture"});
  const trace::Replayed replayed = replayOn(recording, audio(1));
  EXPECT_EQ(replayed.classes[0].requests, 2U);
  EXPECT_EQ(replayed.classes[0].exhausted, 0U) << "nobody holds the first";
}

TEST(TraceReplay, LeavesOutClassesWithoutAPool) {
  Recording recording;
  recording.take(10, 0);
  EXPECT_TRUE(
      replayOn(recording, {{{"name", "small"}, {"kind", "blocks"}, {"blocks", 1U}, {"block_size", 64U}}})
          .classes.empty());
}

TEST(TraceFolder, LeavesNothingBehindWithoutAnEvent) {
  const TempFolder temp;
  const std::filesystem::path path = temp / "trace";
  {
    trace::TraceFolder folder(path);
    folder.write(TraceSink::Part::metadata, {});
    EXPECT_TRUE(std::filesystem::exists(path / "metadata"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TraceFolder, WritesOverNothing) {
  const TempFolder temp;
  Recording::write(temp / "notes", "mine");
  EXPECT_THROW(trace::TraceFolder{temp.path()}, trace::TraceError);
  EXPECT_THROW(trace::TraceFolder{temp / "notes"}, trace::TraceError);
  EXPECT_EQ(Recording::bytesOf(temp / "notes"), "mine");
}

}  // namespace
}  // namespace millpond::test
