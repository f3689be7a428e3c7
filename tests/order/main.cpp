// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "order/Memory.h"

namespace {

// For `sweep`: a line for each ordered access that a test made.
class SitesOfTests : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& test) override {
    const std::string sites = millpond::order::sitesSeen();
    for (std::size_t at = 0; at < sites.size(); at = sites.find('\n', at) + 1) {
      std::printf("site %s.%s %s\n", test.test_suite_name(), test.name(),
                  sites.substr(at, sites.find('\n', at) - at).c_str());
    }
  }
};

}  // namespace

// MILLPOND_ORDER_WEAKEN="millpond/Pool.h:20 loadOrdered" relaxes that access; MILLPOND_ORDER_SITES=1 prints
// all.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (const char* const place = std::getenv("MILLPOND_ORDER_WEAKEN")) millpond::order::weaken(place);
  if (std::getenv("MILLPOND_ORDER_SITES") != nullptr) {
    testing::UnitTest::GetInstance()->listeners().Append(new SitesOfTests);
  }
  return RUN_ALL_TESTS();
}
