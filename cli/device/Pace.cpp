// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/Pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/show/Error.h"

namespace millpond::cli {

using streamer::Backlog;

namespace {

constexpr double slowest = 0.001;
constexpr double fastest = 1000;

}  // namespace

Pace Pace::parse(const std::string& text) {
  if (text == "max") return {0, Backlog::WhenFull::wait};
  double speed = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, speed);
  if (error != std::errc{} || rest != end || !(speed >= slowest && speed <= fastest)) {
    throw UsageError(
        fmt::format("invalid speed '{}': expected a number from {} to {}, or max", text, slowest, fastest));
  }
  return {speed, Backlog::WhenFull::drop_oldest};
}

Pace Pace::forDemonstration(std::optional<double> seconds) {
  constexpr double longest = 15;
  return {std::max(1.0, seconds.value_or(0) / longest), Backlog::WhenFull::wait};
}

std::string Pace::text() const {
  return speed > 0 ? fmt::format("{:.4g}x real time", speed) : "as fast as it goes";
}

}  // namespace millpond::cli
