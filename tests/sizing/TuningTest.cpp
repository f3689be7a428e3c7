// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "sizing/LibraryCheck.h"
#include "sizing/Tuning.h"

namespace millpond::sizing {
namespace {

constexpr std::uint64_t second = 1'000'000;
constexpr NameIndex audio = 0;
constexpr NameIndex general = 1;
constexpr NameIndex small = 2;

class TuningTest : public testing::Test {
 protected:
  TuningTest() {
    workload.pools = {{"audio", false, 4, 4096}, {"general", true, 8, 512}, {"small", false, 0, 0}};
    workload.devices.emplace_back();
  }

  // A block that `source` takes at `from` and gives back at `to`, both in microseconds; never, for 0.
  void hold(NameIndex pool, const std::string& source, std::uint32_t bytes, std::uint64_t from,
            std::uint64_t to) {
    holds.push_back({from, to, {pool, workload.sources.of(source), bytes}});
  }

  // Writes what was said into the log of the last device, which lives for `seconds`.
  void live(std::uint64_t seconds) {
    std::multimap<std::uint64_t, std::pair<bool, std::size_t>> order;
    for (std::size_t at = 0; at < holds.size(); ++at) {
      order.emplace(holds[at].from * 2 + 1, std::pair(true, at));
      if (holds[at].to != 0) order.emplace(holds[at].to * 2, std::pair(false, at));
    }
    DemandLog& log = workload.devices.back().log;
    std::vector<DemandLog::Slot> slots(holds.size());
    for (const auto& [time, what] : order) {
      if (what.first) {
        slots[what.second] = log.take(time / 2, holds[what.second].request);
      } else {
        log.give(time / 2, slots[what.second]);
      }
    }
    log.endAt(seconds * second);
    holds.clear();
  }

  // Requests of one source that overlap by chance, for half a day.
  void liveBusily(std::uint64_t seconds = 40'000) {
    std::mt19937 random(1);
    for (std::uint64_t time = 0; time < seconds * second; time += 100'000 + random() % 400'000) {
      hold(audio, "capture", 4096, time, time + 10'000 + random() % 900'000);
    }
    live(seconds);
  }

  struct Hold {
    std::uint64_t from;
    std::uint64_t to;
    Request request;
  };
  Workload workload;
  std::vector<Hold> holds;
};

std::string errorOf(const Workload& workload, const TuningGoal& goal) {
  try {
    tune(workload, goal);
  } catch (const SizingError& error) {
    return error.what();
  }
  return "";
}

TEST_F(TuningTest, WithoutAHorizonTakesWhatTheTracesNeedAndNoMore) {
  hold(audio, "capture", 4000, 0, 3 * second);
  hold(audio, "capture", 4090, second, 4 * second);
  hold(general, "task", 700, 0, second);
  live(10);
  const Tuning tuning = tune(workload, {});
  ASSERT_EQ(tuning.pools.size(), 2U);
  EXPECT_EQ(tuning.pools[0].answer, (PoolSize{"audio", false, 2, 4096}));
  EXPECT_EQ(tuning.pools[1].answer, (PoolSize{"general", true, 11, 64}))
      << "704 bytes, the least for one run";
  EXPECT_EQ(tuning.bytes, 2 * 4096U + 704U);
  EXPECT_EQ(tuning.least_bytes, tuning.bytes);
  EXPECT_EQ(tuning.present_bytes, 5 * 4096U);
  EXPECT_EQ(tuning.held_bytes, 4000U + 4090U);
  EXPECT_EQ(tuning.refused_in_replay, 0U);
  EXPECT_EQ(tuning.risk, 0);
  EXPECT_EQ(tuning.horizon_s, 10);
}

TEST_F(TuningTest, OneBlockFewerRefusesWhatItsFrontSays) {
  liveBusily(2000);
  const Tuning tuning = tune(workload, {});
  const TunedPool& pool = tuning.pools[0];
  for (const FrontPoint& point : pool.front) {
    if (point.blocks == 0 || point.blocks > pool.answer.blocks) continue;
    std::vector<PoolSize> fewer = workload.pools;
    fewer[audio] = pool.answer;
    fewer[audio].blocks = point.blocks;
    EXPECT_EQ(refusedByLibrary(workload, fewer)[audio], point.refused) << point.blocks << " blocks";
    EXPECT_EQ(point.refused == 0, point.blocks == pool.answer.blocks);
  }
  EXPECT_TRUE(std::ranges::is_sorted(tuning.front, {}, &FrontRow::bytes));
}

TEST_F(TuningTest, TellsWhichBlocksPayForAClassWithoutAPool) {
  hold(audio, "capture", 4096, 0, second);
  for (std::uint32_t block = 0; block < 30; ++block) {
    hold(small, "tls", 16717, block * second, block * second + second / 2);
    hold(small, "message", 16 + 100 * (block % 8), block * second, (block + 1) * second);
  }
  live(60);
  const Tuning tuning = tune(workload, {});
  const auto pays = std::ranges::find(tuning.possible, true, &PossiblePool::pays);
  ASSERT_NE(pays, tuning.possible.end());
  EXPECT_EQ(tuning.possible.back().size, (PoolSize{"small-16720", false, 1, 16720}));
  EXPECT_TRUE(tuning.possible.back().pays);
  EXPECT_EQ(tuning.bytes, 4096U) << "what might be is no part of the answer";
}

TEST_F(TuningTest, AHorizonTakesMoreThanWasSeenUnlessTheSourceIsBounded) {
  liveBusily();
  TuningGoal goal{.horizon = Horizon{30 * 86400.0, 1e-3}};
  const Tuning guessed = tune(workload, goal);
  EXPECT_GT(guessed.bytes, guessed.least_bytes);
  EXPECT_TRUE(guessed.abstained.empty());
  EXPECT_EQ(guessed.model_free_risk, 1);
  const std::uint32_t seen = guessed.pools[0].least.blocks;
  goal.at_most["capture"] = seen + 1;
  const Tuning bounded = tune(workload, goal);
  EXPECT_EQ(bounded.pools[0].answer.blocks, seen + 1);
}

TEST_F(TuningTest, SetsApartARareSourceAndCallsItUnseen) {
  liveBusily();
  const TuningGoal goal{.horizon = Horizon{30 * 86400.0, 1e-3}};
  const std::uint32_t before = tune(workload, goal).pools[0].answer.blocks;
  workload.devices.emplace_back();
  for (int block = 0; block < 5; ++block) hold(audio, "burst", 4096, 1000 * second, 1001 * second);
  liveBusily();
  const Tuning tuning = tune(workload, goal);
  EXPECT_EQ(tuning.unseen, std::vector<std::string>{"burst"});
  EXPECT_EQ(tuning.pools[0].set_apart, 5U);
  EXPECT_GE(tuning.pools[0].answer.blocks + 1, before + 5);
}

TEST_F(TuningTest, AbstainsWhereDemandGrowsAndNamesTheLeak) {
  for (std::uint64_t block = 0; block < 400; ++block) {
    const std::uint64_t time = block * 100 * second;
    hold(audio, "capture", 4096, time, block % 40 == 39 ? 0 : time + second);
  }
  live(40'000);
  const Tuning tuning = tune(workload, {.horizon = Horizon{30 * 86400.0, 1e-3}});
  ASSERT_EQ(tuning.abstained.size(), 1U);
  EXPECT_NE(tuning.abstained[0].why.find("'capture' never gave back"), std::string::npos)
      << tuning.abstained[0].why;
  ASSERT_EQ(tuning.leaks.size(), 1U);
  EXPECT_EQ(tuning.leaks[0].source, "capture");
}

TEST_F(TuningTest, RefusesABudgetThatIsTooSmallAndSaysTheLeast) {
  liveBusily(1000);
  const std::uint64_t least = tune(workload, {}).bytes;
  EXPECT_EQ(tune(workload, {.budget = least}).bytes, least);
  EXPECT_NE(errorOf(workload, {.budget = least - 1})
                .find("the least that serves the traces is " + std::to_string(least)),
            std::string::npos);
}

TEST_F(TuningTest, RefusesABoundThatATraceExceedsAndASourceThatNobodyKnows) {
  hold(audio, "capture", 4096, 0, second);
  hold(audio, "capture", 4096, 0, second);
  live(2);
  EXPECT_NE(errorOf(workload, {.at_most = {{"capture", 1}}}).find("2 blocks of audio held at once"),
            std::string::npos);
  EXPECT_NE(errorOf(workload, {.at_most = {{"capturr", 2}}}).find("there are capture"), std::string::npos);
}

TEST_F(TuningTest, RefusesARequestThatNoPoolCanServeAndCountersOfNoPool) {
  hold(audio, "capture", 0xFFFFFF, 0, second);
  live(2);
  EXPECT_NE(errorOf(workload, {}).find("audio: no pool serves 1 requests of up to 16777215 bytes at once"),
            std::string::npos)
      << errorOf(workload, {});
  EXPECT_NE(errorOf(workload, {.live = {{"tls", 2}}}).find("counters of a pool tls"), std::string::npos);
}

TEST_F(TuningTest, HintsAtWhatItsTracesDoNotTell) {
  hold(audio, "capture", 4096, 0, second);
  live(2);
  workload.devices.back().missing_packets = 3;
  workload.devices.back().other_sizes = true;
  workload.devices.back().name = "kitchen";
  const std::vector<std::string> hints = tune(workload, {}).hints;
  ASSERT_EQ(hints.size(), 2U);
  EXPECT_NE(hints[0].find("kitchen: 3 packets of its trace are missing"), std::string::npos) << hints[0];
  EXPECT_NE(hints[1].find("kitchen: its pools have other sizes"), std::string::npos) << hints[1];
}

TEST_F(TuningTest, APoolThatNobodyAsksIsLeftOut) {
  hold(general, "task", 100, 0, second);
  live(2);
  EXPECT_EQ(tune(workload, {}).pools[0].answer.blocks, 0U);
}

}  // namespace
}  // namespace millpond::sizing
