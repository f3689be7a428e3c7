// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "tests/cli/support/FileFaults.h"
#include "tests/cli/support/RecordingDrill.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

using test::FileFaults;
using test::RecordingDrill;

// A chunk that comes again, goes on, or comes after a gap that is filled or not.
std::uint64_t anyFirst(std::uint64_t next) {
  const auto kind = *rc::gen::inRange(0, 8);
  if (kind == 0) return next + *rc::gen::inRange<std::uint64_t>(1, 1000);
  if (kind == 1) return next + *rc::gen::inRange<std::uint64_t>(1001, 5000);
  if (kind == 2) return next - std::min<std::uint64_t>(next, *rc::gen::inRange<std::uint64_t>(0, 700));
  return next;
}

TEST(RecordingProperty, AcknowledgedIsOnFileOnceAndTheAccountHolds) {
  EXPECT_TRUE(rc::check([] {
    const test::TempFolder folder;
    FileFaults faults(folder.path());
    RecordingDrill drill(folder.path(),
                         *rc::gen::arbitrary<bool>() ? WavFile::Durable::yes : WavFile::Durable::no);
    // A device sends nothing of what was lost in a gap, so what is sent is new or was acknowledged.
    std::uint64_t next = 0;
    std::uint64_t known = 0;
    const auto steps = *rc::gen::inRange(1, 20);
    for (int i = 0; i < steps; ++i) {
      if (*rc::gen::inRange(0, 6) == 0) drill.restart();
      const auto way = static_cast<FileFaults::Way>(*rc::gen::inRange(0, 4));
      faults.failAt(*rc::gen::inRange<std::size_t>(0, 12), ENOSPC, way);
      const auto first = std::max(known, anyFirst(next));
      const auto samples = *rc::gen::inRange<std::size_t>(0, 700);
      bool acknowledged = drill.send(first, samples, 2);
      faults.failAt(0);
      if (!acknowledged) acknowledged = drill.send(first, samples);
      RC_ASSERT(acknowledged);
      if (first > next) known = first;
      next = std::max(next, first + samples);
    }
    drill.expectOnFileOnce();
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace millpond::cli
