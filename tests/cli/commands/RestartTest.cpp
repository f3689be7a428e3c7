// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

/// A device that streams at a pace while its receiver is killed and started again.
class RestartTest : public ::testing::Test {
 protected:
  static constexpr std::size_t total = 400000;  // 25 s of sound

  RestartTest() { writeWav(folder_ / "in.wav", samples_); }

  std::unique_ptr<Process> startDevice(const std::string& address, std::vector<std::string> more) {
    std::vector<std::string> arguments{
        "stream", "--to",         address, "--input",          (folder_ / "in.wav").string(),
        "--json", "--backoff-ms", "10",    "--backoff-max-ms", "50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return std::make_unique<Process>(millpond(arguments));
  }
  std::size_t recorded() const { return readOnlyWav(out()).size(); }
  std::filesystem::path out() const { return folder_ / "out"; }

  TempFolder folder_;
  std::vector<std::int16_t> samples_ = noise(total);
};

TEST_F(RestartTest, LosesNoSampleWhereTheDeviceWaits) {
  auto receiver = std::make_unique<ReceiveProcess>(out(), "127.0.0.1:0");
  const std::string address = receiver->address();
  const auto device = startDevice(address, {"--speed", "20", "--wait"});
  for (const std::size_t mark : {total / 5, total / 2}) {
    ASSERT_TRUE(eventually([&] { return recorded() > mark; }));
    receiver->signal(SIGKILL);
    EXPECT_EQ(receiver->wait().status, 128 + SIGKILL);
    EXPECT_LT(recorded(), total);
    receiver = std::make_unique<ReceiveProcess>(out(), address);
  }
  const Finished finished = device->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["delivered"], total);
  EXPECT_EQ(json["dropped"], 0);
  EXPECT_EQ(json["connections"], 3);
  EXPECT_EQ(json["platform_heap_calls"], 0);
  EXPECT_EQ(readOnlyWav(out()), samples_);
}

TEST_F(RestartTest, BothSidesAgreeOnWhatWasDropped) {
  auto first = std::make_unique<ReceiveProcess>(out(), "127.0.0.1:0");
  const std::string address = first->address();
  const auto device = startDevice(address, {"--speed", "20"});
  ASSERT_TRUE(eventually([&] { return recorded() > total / 5; }));
  first->signal(SIGTERM);
  const nlohmann::json before = parse(first->wait().out)["streams"][0];
  // Long enough away for the buffers to run over: 1.7 s of sound, at this speed 85 ms.
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  ReceiveProcess second(out(), address, {"--once"});

  const Finished finished = device->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json told = parse(finished.out);
  const nlohmann::json after = parse(second.wait().out)["streams"][0];
  const auto sum = [&](const char* field) {
    return before[field].get<std::size_t>() + after[field].get<std::size_t>();
  };
  EXPECT_EQ(told["samples_in"], total);
  EXPECT_GT(told["dropped"], 0);
  EXPECT_EQ(told["platform_heap_calls"], 0);
  EXPECT_EQ(told["fallback_bytes_peak"], 0);
  EXPECT_EQ(told["delivered"].get<std::size_t>() + told["dropped"].get<std::size_t>(), total);
  EXPECT_EQ(after["resumed_at"], before["next_sample"]);
  EXPECT_EQ(sum("samples_written"), told["delivered"]);
  EXPECT_EQ(sum("samples_missing"), told["dropped"]);
  EXPECT_EQ(sum("gap_count"), told["drop_count"]);

  nlohmann::json gaps = before["gaps"];
  gaps.insert(gaps.end(), after["gaps"].begin(), after["gaps"].end());
  const std::size_t kept = told["drops"].size();  // the latest
  EXPECT_EQ(nlohmann::json::array_t(gaps.end() - static_cast<std::ptrdiff_t>(kept), gaps.end()),
            told["drops"]);
  auto expected = samples_;
  for (const auto& gap : gaps) {
    const auto at = expected.begin() + gap["start"].get<std::ptrdiff_t>();
    std::fill(at, at + gap["samples"].get<std::ptrdiff_t>(), std::int16_t{0});
  }
  EXPECT_EQ(readOnlyWav(out()), expected);
}

TEST_F(RestartTest, WhatAKilledReceiverLeftIsWhatTheDeviceAccountsFor) {
  auto first = std::make_unique<ReceiveProcess>(out(), "127.0.0.1:0");
  const std::string address = first->address();
  const auto device = startDevice(address, {"--speed", "20"});
  ASSERT_TRUE(eventually([&] { return recorded() > total / 5; }));
  first->signal(SIGKILL);
  EXPECT_EQ(first->wait().status, 128 + SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  ReceiveProcess second(out(), address, {"--once"});

  const Finished finished = device->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json told = parse(finished.out);
  EXPECT_EQ(second.wait().status, 0);
  EXPECT_GT(told["dropped"], 0);
  EXPECT_EQ(told["delivered"].get<std::size_t>() + told["dropped"].get<std::size_t>(), total);
  ASSERT_EQ(told["drops"].size(), told["drop_count"]) << "the device does not list every drop";
  // The killed one cannot be asked; its file can.
  std::size_t dropped = 0;
  auto expected = samples_;
  for (const auto& drop : told["drops"]) {
    const auto at = expected.begin() + drop["start"].get<std::ptrdiff_t>();
    std::fill(at, at + drop["samples"].get<std::ptrdiff_t>(), std::int16_t{0});
    dropped += drop["samples"].get<std::size_t>();
  }
  EXPECT_EQ(told["dropped"], dropped);
  EXPECT_EQ(readOnlyWav(out()), expected);
}

}  // namespace
}  // namespace millpond::test
