// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "property/Operations.h"
#include "support/Scale.h"

// RapidCheck prints its seed and takes it back: RC_PARAMS="seed=1234 max_success=100".
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const bool all_run = testing::GTEST_FLAG(filter) == "*" && std::getenv("RC_PARAMS") == nullptr;
  const int failed = RUN_ALL_TESTS();
  std::printf("property tests: %zu operations compared with their models\n", millpond::test::operations_done);
  if (failed != 0 || !all_run) return failed;
  return millpond::test::operations_done >= millpond::test::scaled(1'000'000) ? 0 : 1;
}
