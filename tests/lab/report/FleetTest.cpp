// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lab/report/Fleet.h"
#include "lab/report/Worker.h"
#include "lab/soak/Soak.h"

namespace millpond::test {
namespace {

constexpr double days = 0.02;

std::string failureOf(lab::Worker worker) {
  try {
    while (!worker.listen()) {
    }
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

TEST(Fleet, GivesTheResultsOfSingleRunsInOrder) {
  const lab::Scenario scenario = lab::loadScenario("adr-device");
  const std::vector<lab::SimulatedDevice> devices{{"pools", 1}, {"first-fit", 1}, {"pools", 2}};
  const auto results = lab::runFleet(scenario, devices,
                                     {.days = days, .jobs = 2, .pictures = false, .progress = {}, .stop = {}})
                           .runs;
  ASSERT_EQ(results.size(), devices.size());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    nlohmann::json alone = toJson(lab::soak(scenario, devices[i].policy, days, devices[i].seed));
    nlohmann::json result = results[i];
    alone.erase("seconds");
    result.erase("seconds");
    EXPECT_EQ(result, alone);
  }
}

TEST(Fleet, DrawsPicturesWhereAskedTo) {
  const auto results = lab::runFleet(lab::loadScenario("adr-device"), {{"pools", 1}},
                                     {.days = days, .jobs = 1, .pictures = true, .progress = {}, .stop = {}})
                           .runs;
  EXPECT_TRUE(results[0].contains("timeline"));
  EXPECT_TRUE(results[0].contains("map"));
}

TEST(Fleet, NamesPolicyAndSeedOfARunThatCannotBeAndKeepsTheOthers) {
  const auto result =
      lab::runFleet(lab::loadScenario("adr-device"), {{"pools", 1}, {"plugin:/missing.so", 7}},
                    {.days = days, .jobs = 1, .pictures = false, .progress = {}, .stop = {}});
  EXPECT_EQ(result.runs.size(), 1U);
  ASSERT_EQ(result.broken.size(), 1U);
  EXPECT_EQ(result.broken[0].find("the run on plugin:/missing.so, seed 7: "), 0U) << result.broken[0];
}

TEST(Fleet, StopsWhereToldToWithWhatHasFinished) {
  double done = 0;
  const auto result = lab::runFleet(lab::loadScenario("adr-device"), {{"pools", 1}, {"pools", 2}},
                                    {.days = days,
                                     .jobs = 1,
                                     .pictures = false,
                                     .progress = [&](double share) { done = share; },
                                     .stop = [&] { return done >= 0.5; }});
  EXPECT_TRUE(result.stopped);
  ASSERT_EQ(result.runs.size(), 1U);
  EXPECT_EQ(result.runs[0]["seed"], 1);
}

TEST(Worker, ReportsItsShareAndItsResult) {
  lab::Worker worker([](const lab::Worker::Report& report) {
    report(0.25);
    return nlohmann::json{{"answer", 42}};
  });
  std::optional<nlohmann::json> result;
  while (!result) result = worker.listen();
  EXPECT_EQ(*result, (nlohmann::json{{"answer", 42}}));
  EXPECT_EQ(worker.done(), 1);
}

TEST(Worker, PassesOnWhatItsWorkThrows) {
  EXPECT_EQ(
      failureOf(lab::Worker([](const auto&) -> nlohmann::json { throw std::runtime_error("out of ink"); })),
      "out of ink");
}

TEST(Worker, TellsHowItsProcessDied) {
  const std::string killed = failureOf(lab::Worker([](const auto&) -> nlohmann::json {
    std::raise(SIGKILL);
    return {};
  }));
  EXPECT_NE(killed.find("was ended by signal 9"), std::string::npos) << killed;
  const std::string left = failureOf(lab::Worker([](const auto&) -> nlohmann::json { std::_Exit(4); }));
  EXPECT_NE(left.find("ended with status 4"), std::string::npos) << left;
}

TEST(Worker, IsHeldToHangWhereItIsSilentForLong) {
  lab::Worker worker([](const auto&) -> nlohmann::json { return pause(); }, std::chrono::milliseconds(50));
  worker.wait(std::chrono::milliseconds(49));
  EXPECT_THROW(worker.wait(std::chrono::milliseconds(1)), std::runtime_error);
}

TEST(Worker, ThatSendsNonsenseOrClosesItsPipeIsAtAnEnd) {
  // In the child the pipe's end comes after the other, which is free again.
  const std::string nonsense = failureOf(
      lab::Worker([](const auto&) -> nlohmann::json { return write(dup(0) + 1, "?\n", 2) + pause(); }));
  EXPECT_EQ(nonsense, "sent an invalid message");
  const std::string closed =
      failureOf(lab::Worker([](const auto&) -> nlohmann::json { return close(dup(0) + 1) + pause(); }));
  EXPECT_NE(closed.find("was ended by signal 9"), std::string::npos) << closed;
}

TEST(Worker, DoesItsWorkApart) {
  double share = 0;
  const auto answer = lab::doApart(
      [](const lab::Worker::Report& report) {
        report(0.25);
        return nlohmann::json(42);
      },
      [&](double done) { share = done; });
  EXPECT_EQ(answer, 42);
  EXPECT_EQ(share, 0.25);
}

}  // namespace
}  // namespace millpond::test
