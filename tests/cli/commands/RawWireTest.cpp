// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/streamer/support/Server.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

TEST(RawWire, GivesAPlainSocketNothingButTheSamples) {
  const TempFolder folder;
  const auto samples = noise(70001);
  writeWav(folder / "in.wav", samples);
  Server server;
  Process device(millpond({"stream", "--to", server.address().text(), "--input", (folder / "in.wav").string(),
                           "--speed", "max", "--wire", "raw", "--json"}));
  server.accept();
  const auto bytes = server.readToEnd();
  server.hangUp();
  const auto expected = std::as_bytes(std::span(samples));
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
  const Finished finished = device.wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(parse(finished.out)["delivered"], samples.size());
}

}  // namespace
}  // namespace millpond::test
