// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/ShareBar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace millpond::cli {

namespace {

constexpr int bar_width = 30;
constexpr std::chrono::milliseconds redraw_interval{200};
constexpr std::chrono::seconds line_interval{30};

std::string timeLeft(double share, double seconds) {
  if (share <= 0) return "";
  const long left = std::lround(seconds * (1 - share) / share);
  if (left < 60) return fmt::format("{} s left", left);
  return fmt::format("{} min {:02} s left", left / 60, left % 60);
}

}  // namespace

std::string shareText(double share, double seconds, const std::string& what, double all) {
  share = std::clamp(share, 0.0, 1.0);
  std::string bar;
  for (int cell = 0; cell < bar_width; ++cell) bar += cell < static_cast<int>(share * bar_width) ? "█" : "░";
  return fmt::format("{} {:>3.0f} %  {:.0f} of {:g} {}  {}", bar, share * 100, share * all, all, what,
                     timeLeft(share, seconds));
}

ShareBar::ShareBar(std::FILE* out, std::string what, double all)
    : out_(out), what_(std::move(what)), all_(all), terminal_(isatty(fileno(out)) != 0) {}

ShareBar::~ShareBar() {
  if (terminal_) fmt::print(out_, "\r\x1b[2K");
  std::fflush(out_);
}

void ShareBar::show(double share) {
  const Clock::time_point now = Clock::now();
  if (now - shown_ < (terminal_ ? redraw_interval : line_interval)) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string line = shareText(share, seconds, what_, all_);
  fmt::print(out_, "{}", terminal_ ? "\r\x1b[2K" + line : line + "\n");
  std::fflush(out_);
}

}  // namespace millpond::cli
