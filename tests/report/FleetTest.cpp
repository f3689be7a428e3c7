// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lab/Soak.h"
#include "lab/report/Fleet.h"
#include "lab/report/Worker.h"

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
  const std::vector<lab::Device> devices{{"pools", 1}, {"first-fit", 1}, {"pools", 2}};
  const auto results =
      lab::runFleet(scenario, devices, {.days = days, .jobs = 2, .pictures = false, .progress = {}});
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
                                     {.days = days, .jobs = 1, .pictures = true, .progress = {}});
  EXPECT_TRUE(results[0].contains("timeline"));
  EXPECT_TRUE(results[0].contains("map"));
}

TEST(Fleet, NamesPolicyAndSeedOfARunThatCannotBe) {
  try {
    lab::runFleet(lab::loadScenario("adr-device"), {{"pools", 1}, {"plugin:/missing.so", 7}},
                  {.days = days, .jobs = 1, .pictures = false, .progress = {}});
    FAIL() << "a missing allocator was run";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("the run on plugin:/missing.so, seed 7: "), std::string::npos)
        << error.what();
  }
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

}  // namespace
}  // namespace millpond::test
