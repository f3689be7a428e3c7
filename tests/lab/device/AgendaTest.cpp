// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <tuple>

#include "lab/device/Agenda.h"

namespace millpond::lab {
namespace {

TEST(Agenda, TheEarliestComesFirst) {
  Agenda agenda;
  agenda.set(5, 300);
  agenda.set(63, 100);
  agenda.set(0, 200);
  EXPECT_EQ(agenda.place(), 63U);
  EXPECT_EQ(agenda.time(), 100U);
  agenda.cancel(63);
  EXPECT_EQ(agenda.place(), 0U);
  EXPECT_EQ(agenda.time(), 200U);
}

TEST(Agenda, OfTwoAtTheSameTimeTheLowerPlaceComesFirst) {
  Agenda agenda;
  for (std::uint32_t place = Agenda::places; place-- != 0;) agenda.set(place, 7);
  for (std::uint32_t place = 0; place + 1 < Agenda::places; ++place) {
    EXPECT_EQ(agenda.place(), place);
    agenda.set(place, 8);
  }
}

TEST(Agenda, MovingAPlaceForgetsItsFormerTime) {
  Agenda agenda;
  agenda.set(1, 10);
  agenda.set(2, 20);
  agenda.set(1, 30);
  EXPECT_EQ(agenda.place(), 2U);
  agenda.set(2, 40);
  EXPECT_EQ(agenda.place(), 1U);
  EXPECT_EQ(agenda.time(), 30U);
}

TEST(Agenda, AThousandDaysAreNotTooLong) {
  Agenda agenda;
  constexpr std::uint64_t hundred_years_us = 36500ULL * 86400 * 1'000'000;
  agenda.set(9, hundred_years_us);
  EXPECT_EQ(agenda.time(), hundred_years_us);
  EXPECT_EQ(agenda.place(), 9U);
}

TEST(Agenda, IsAListSearchedFromEndToEnd) {
  std::mt19937_64 random(7);
  Agenda agenda;
  std::array<std::uint64_t, Agenda::places> times;
  times.fill(UINT64_MAX);
  agenda.set(0, times[0] = 1);  // one is always there
  for (int step = 0; step < 100'000; ++step) {
    const auto place = static_cast<std::uint32_t>(random() % Agenda::places);
    if (place != 0 && random() % 4 == 0) {
      agenda.cancel(place);
      times[place] = UINT64_MAX;
    } else {
      agenda.set(place, times[place] = random() % 1000);
    }
    const auto earliest = std::ranges::min_element(times);
    ASSERT_EQ(agenda.time(), *earliest);
    ASSERT_EQ(agenda.place(), static_cast<std::uint32_t>(earliest - times.begin()));
  }
}

}  // namespace
}  // namespace millpond::lab
