// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "lab/device/StepCounter.h"

namespace millpond::lab {
namespace {

TEST(StepCounter, TellsTheMedianTheTailAndTheMost) {
  StepCounter counter;
  for (std::uint32_t steps = 1; steps <= 1000; ++steps) counter.add(steps);
  EXPECT_EQ(counter.spread().median, 500U);
  EXPECT_EQ(counter.spread().p999, 999U);
  EXPECT_EQ(counter.spread().max, 1000U);
}

TEST(StepCounter, SaysNothingOfNoOperation) {
  EXPECT_EQ(StepCounter().spread().max, 0U);
  EXPECT_EQ(StepCounter().spread().median, 0U);
}

TEST(StepCounter, KeepsTheMostBeyondItsLimit) {
  StepCounter counter;
  counter.add(3);
  counter.add(100'000);
  counter.add(100'000);
  EXPECT_EQ(counter.spread().median, 100'000U);
  EXPECT_EQ(counter.spread().max, 100'000U);
}

TEST(StepCounter, AddsUpWithAnother) {
  StepCounter few;
  StepCounter many;
  few.add(1);
  for (int count = 0; count < 3; ++count) many.add(9);
  few.add(many);
  EXPECT_EQ(few.spread().median, 9U);
  EXPECT_EQ(few.spread().max, 9U);
}

}  // namespace
}  // namespace millpond::lab
