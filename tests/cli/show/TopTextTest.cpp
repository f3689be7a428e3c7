// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "cli/show/TopText.h"

namespace millpond::cli {
namespace {

MemoryView heldBy(const char* source, std::uint64_t bytes, const char* boot = "1") {
  MemoryView view;
  view.boot = boot;
  view.blocks.push_back({"audio", source, 0, bytes, 60'000});
  return view;
}

TEST(HeldHistoryTest, AWeekOfInstantsTakesBoundedMemoryAndStillShowsALeak) {
  HeldHistory history;
  for (std::uint64_t instant = 0; instant < 20'000; ++instant) {
    MemoryView view = heldBy("leak", 512 + instant / 100 * 512);
    view.blocks.push_back({"audio", "busy", 1, instant % 7 == 0 ? 512U : 512 + instant, 100});
    history.add(view);
    ASSERT_LE(history.size(), HeldHistory::most + 1);
  }
  EXPECT_TRUE(history.grows("leak"));
  EXPECT_FALSE(history.grows("busy")) << "the least that it held did not rise";
  EXPECT_FALSE(history.grows("nobody"));
}

TEST(HeldHistoryTest, AFewInstantsAreNotEnoughAndARestartBeginsAnew) {
  HeldHistory history;
  for (std::uint64_t instant = 1; instant < 20; ++instant) history.add(heldBy("leak", instant));
  EXPECT_FALSE(history.grows("leak"));
  for (std::uint64_t instant = 20; instant < 40; ++instant) history.add(heldBy("leak", instant));
  EXPECT_TRUE(history.grows("leak"));
  history.add(heldBy("leak", 41, "2"));
  EXPECT_FALSE(history.grows("leak"));
  EXPECT_EQ(history.size(), 1U);
}

TEST(TopTextTest, MarksASourceThatIsOldAndGrows) {
  HeldHistory history;
  MemoryView view;
  for (std::uint64_t instant = 1; instant < 40; ++instant) {
    view = heldBy("leak", instant);
    view.blocks.push_back({"audio", "flat", 1, 512, 60'000});
    view.blocks.push_back({"audio", "young", 2, instant, 100});
    history.add(view);
  }
  view.pools = {{.name = "audio", .block_size = 512, .capacity = 4}, {.name = "heap"}};
  const std::string text = topText(view, history, "here", "", Terminal());
  EXPECT_NE(text.find("60 s LEAK?"), std::string::npos) << text;
  EXPECT_EQ(text.find("LEAK?"), text.rfind("LEAK?")) << text;
}

}  // namespace
}  // namespace millpond::cli
