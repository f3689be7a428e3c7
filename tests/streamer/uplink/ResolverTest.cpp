// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <future>
#include <thread>

#include "cli/device/LookUp.h"
#include "streamer/uplink/Resolver.h"

namespace millpond::streamer {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds look_up_patience{30000};

TEST(Resolver, LooksUpAnewEachTime) {
  const StopFlag stop;
  int look_ups = 0;
  Resolver resolver([](void* count) { return Endpoints::none(++*static_cast<int*>(count)); }, &look_ups,
                    stop);
  ASSERT_TRUE(resolver.start({.name = "look-up"}));
  EXPECT_EQ(resolver.resolve(look_up_patience)->error(), 1);
  EXPECT_EQ(resolver.resolve(look_up_patience)->error(), 2);
}

TEST(Resolver, DoesNotStartWhereTheSystemRefusesItsTask) {
  alignas(64) static std::array<std::byte, 64> too_small;
  const StopFlag stop;
  Resolver resolver([](void*) { return Endpoints(); }, nullptr, stop);
  EXPECT_FALSE(resolver.start({.name = "look-up", .stack = too_small}));
}

TEST(Resolver, GivesUpALookUpThatTakesTooLongAndTakesItsResultLater) {
  const StopFlag stop;
  std::promise<void> answer;
  cli::LookUp look_up(
      [answered = answer.get_future().share()] {
        answered.wait();
        return Endpoints::none(7);
      },
      stop);
  EXPECT_EQ(look_up.resolver().resolve(milliseconds(1)), nullptr);
  answer.set_value();
  EXPECT_EQ(look_up.resolver().resolve(look_up_patience)->error(), 7);
}

TEST(Resolver, IsLeftAtOnceWhenItIsToldToStop) {
  std::promise<void> answer;
  {
    StopFlag stop;
    cli::LookUp look_up(
        [answered = answer.get_future().share()] {
          answered.wait();
          return Endpoints();
        },
        stop);
    std::thread stopping([&] { stop.raise(); });
    EXPECT_EQ(look_up.resolver().resolve(std::chrono::hours(1)), nullptr);
    stopping.join();
  }  // and nobody waits for the look-up
  answer.set_value();
}

}  // namespace
}  // namespace millpond::streamer
