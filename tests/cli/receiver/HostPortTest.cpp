// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <netdb.h>

#include <thread>

#include "cli/receiver/HostPort.h"
#include "cli/show/Error.h"
#include "tests/cli/support/HeapFaults.h"

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

TEST(HostPort, HasNoAddressWhereMemoryEndsWhileItIsLookedUp) {
  bool failed = true;
  for (std::size_t call = 1; failed; ++call) {
    test::HeapFaults faults;
    faults.failAt(call);
    streamer::Endpoints found;
    std::thread([&found] { found = HostPort{"127.0.0.1", 9000}.resolve(); }).join();
    failed = faults.failed();
    EXPECT_EQ(found.error(), failed ? EAI_MEMORY : 0) << "allocation " << call;
    EXPECT_EQ(found.list().empty(), failed);
  }
}

}  // namespace
}  // namespace millpond::cli
