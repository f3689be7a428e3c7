// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "lab/report/Advice.h"
#include "tests/lab/support/Runs.h"

namespace millpond::test {
namespace {

const lab::Scenario& adrDevice() {
  static const lab::Scenario scenario = lab::loadScenario("adr-device");
  return scenario;
}

lab::SoakResult refused(const std::string& policy, lab::RequestClass kind) {
  lab::SoakResult result = failedRun(policy, 1, 3);
  result.failures = {};
  result.failures[static_cast<std::size_t>(kind)] = 20;
  return result;
}

std::string adviceOn(const lab::SoakResult& pools, const lab::SoakResult& net) {
  std::string text;
  for (const std::string& line : lab::adviceOf(adrDevice(), lab::summarize({toJson(pools), toJson(net)}))) {
    text += line + '\n';
  }
  return text;
}

void expectIn(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Advice, SaysThatPoolsKeptTheirPromise) {
  expectIn(adviceOn(run("pools", 1), run("pools+net", 1)),
           "all served by their pools in 1 of 1 devices, 0 bytes");
}

TEST(Advice, SaysWhenPoolsAreTooSmall) {
  expectIn(adviceOn(failedRun("pools", 1, 3), run("pools+net", 1)),
           "the pools are too small for this device");
}

TEST(Advice, GivesPoolsToWhatTheHeapRefused) {
  const std::string text = adviceOn(refused("pools", lab::RequestClass::tls), run("pools+net", 1));
  expectIn(text, "The heap beside the pools refused tls (up to 2 requests a day)");
  expectIn(text, "give TLS records and pbufs pools of their own. With them nothing failed in 1 devices");
}

TEST(Advice, LeavesOnTheHeapWhatPoolsWouldStarve) {
  const std::string text = adviceOn(run("pools", 1), refused("pools+net", lab::RequestClass::small));
  expectIn(text, "leave TLS records and pbufs on the heap here");
  expectIn(text, "With pools for them 1 of 1 devices were refused small (up to 2 requests a day)");
}

TEST(Advice, HoldsTheHeapsWorstMomentAgainstWhatIsAskedOfIt) {
  lab::SoakResult pools = run("pools", 1);
  pools.largest_request_min = 16716;
  expectIn(
      adviceOn(pools, run("pools+net", 1)),
      "had room for a request of 16716 bytes, less than the 16717 of the largest left to it, a TLS record");
  pools.largest_request_min = 16717;
  expectIn(adviceOn(pools, run("pools+net", 1)), "a request of 16717 bytes, no less than the 16717");
}

TEST(Advice, TellsWhatIsToSpareWhereNothingFailed) {
  lab::SoakResult pools = run("pools", 1);
  pools.largest_request_min = adrDevice().tls.record_in_bytes.high + 1000;
  expectIn(adviceOn(pools, run("pools+net", 1)), "with 1000 bytes to spare above the largest request");
}

TEST(Advice, TellsWhatWasLackingAtTheWorstMoment) {
  lab::SoakResult pools = run("pools", 1);
  pools.largest_request_min = adrDevice().tls.record_in_bytes.high - 700;
  const std::string text = adviceOn(pools, run("pools+net", 1));
  expectIn(text, "give TLS records and pbufs pools of their own. Nothing failed without them");
  expectIn(text, "the largest hole lacked 700 of the 16717 bytes");
}

TEST(Advice, KnowsWherePoolsAreNoCure) {
  const std::string text =
      adviceOn(refused("pools", lab::RequestClass::small), refused("pools+net", lab::RequestClass::small));
  expectIn(text, "no cure here: 1 of 1 devices failed without, 1 of 1 with them");
}

TEST(Advice, IsSilentWithoutPools) {
  EXPECT_TRUE(lab::adviceOf(adrDevice(), lab::summarize({toJson(run("tlsf", 1))})).empty());
}

}  // namespace
}  // namespace millpond::test
