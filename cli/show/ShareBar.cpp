// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/ShareBar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/show/Line.h"
#include "cli/show/Print.h"
#include "cli/show/Terminal.h"

namespace millpond::cli {

namespace {

constexpr std::size_t widest_share_bar = 30;
constexpr std::size_t beside_share_bar = 50;
constexpr std::chrono::milliseconds redraw_interval{200};
constexpr std::chrono::seconds share_interval{30};

std::string timeLeft(double share, double seconds) {
  if (share <= 0) return "";
  const long left = std::lround(seconds * (1 - share) / share);
  if (left < 60) return fmt::format("{} s left", left);
  return fmt::format("{} min {:02} s left", left / 60, left % 60);
}

}  // namespace

std::string shareText(double share, double seconds, const std::string& what, double all,
                      std::size_t columns) {
  share = std::clamp(share, 0.0, 1.0);
  const std::size_t room =
      columns > beside_share_bar ? std::min(widest_share_bar, columns - beside_share_bar) : 0;
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(room));
  return fitting(
      fmt::format("{}{}{}{:.0f} %  {}  {:.0f} of {:g} {}", repeat("█", filled), repeat("░", room - filled),
                  room > 0 ? " " : "", share * 100, timeLeft(share, seconds), share * all, all, what),
      columns);
}

ShareBar::ShareBar(std::FILE* out, std::string what, double all)
    : out_(out), what_(std::move(what)), all_(all) {}

ShareBar::~ShareBar() {
  if (Terminal::of(out_).moves) print(out_, "\r\x1b[2K");
  flushText(out_);
}

void ShareBar::show(double share) {
  const Clock::time_point now = Clock::now();
  if (now - shown_ < redraw_interval) return;
  const Terminal terminal = Terminal::of(out_);
  if (!terminal.moves && now - shown_ < share_interval) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string line = shareText(share, seconds, what_, all_, terminal.columns - 1);
  writeText(out_, terminal.moves ? "\r\x1b[2K" + line : line + "\n");
  flushText(out_);
}

}  // namespace millpond::cli
