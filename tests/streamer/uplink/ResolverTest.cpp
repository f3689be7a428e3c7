// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "streamer/uplink/Resolver.h"

namespace millpond::streamer {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds look_up_patience{30000};

TEST(Resolver, LooksUpAnewEachTime) {
  StopFlag stop;
  int look_ups = 0;
  Resolver resolver([&] { return Endpoints{.list = {}, .error = ++look_ups}; }, stop);
  EXPECT_EQ(resolver.resolve(look_up_patience)->error, 1);
  EXPECT_EQ(resolver.resolve(look_up_patience)->error, 2);
}

TEST(Resolver, GivesUpALookUpThatTakesTooLongAndTakesItsResultLater) {
  StopFlag stop;
  std::promise<void> answer;
  Resolver resolver(
      [answered = answer.get_future().share()] {
        answered.wait();
        return Endpoints{.list = {}, .error = 7};
      },
      stop);
  EXPECT_EQ(resolver.resolve(milliseconds(1)), nullptr);
  answer.set_value();
  EXPECT_EQ(resolver.resolve(look_up_patience)->error, 7);
}

TEST(Resolver, IsLeftAtOnceWhenItIsToldToStop) {
  std::promise<void> answer;
  {
    StopFlag stop;
    Resolver resolver(
        [answered = answer.get_future().share()] {
          answered.wait();
          return Endpoints{};
        },
        stop);
    std::thread stopping([&] { stop.raise(); });
    EXPECT_EQ(resolver.resolve(std::chrono::hours(1)), nullptr);
    stopping.join();
  }  // and nobody waits for the look-up
  answer.set_value();
}

}  // namespace
}  // namespace millpond::streamer
