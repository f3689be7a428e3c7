// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/Error.h"
#include "cli/HostPort.h"

namespace millpond::cli {
namespace {

TEST(HostPort, ReadsNamesAndAddresses) {
  for (const char* text : {"127.0.0.1:9000", "sensor.local:1", "[::1]:65535", "localhost:0"}) {
    EXPECT_EQ(HostPort::parse(text).text(), text);
  }
  EXPECT_EQ(HostPort::parse("[::1]:9000").host, "::1");
}

TEST(HostPort, RefusesWhatIsNone) {
  for (const char* text : {"", ":", "9000", ":9000", "host:", "host:x", "host:65536", "host:-1", "host:1 ",
                           "::1:9000", "[]:9000", "[[::1]]:9000", "[::1:9000", "::1]:9000", "a]b:1"}) {
    EXPECT_THROW(HostPort::parse(text), Error) << text;
  }
}

}  // namespace
}  // namespace millpond::cli
