// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/UtcTime.h"

#include <array>
#include <ctime>

namespace millpond::cli {

namespace {

constexpr const char* text_format = "%Y-%m-%dT%H:%M:%SZ";
constexpr const char* name_format = "%Y%m%dT%H%M%SZ";

std::string formatted(UtcTime time, const char* format) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &utc)};
}

// strptime takes more than was written, such as spaces and missing zeros.
std::optional<UtcTime> parsed(const std::string& text, const char* format) {
  std::tm utc{};
  if (strptime(text.c_str(), format, &utc) == nullptr) return std::nullopt;
  const UtcTime time{std::chrono::seconds(timegm(&utc))};
  return formatted(time, format) == text ? std::optional(time) : std::nullopt;
}

}  // namespace

std::string utcText(UtcTime time) { return formatted(time, text_format); }

std::optional<UtcTime> parseUtcText(const std::string& text) { return parsed(text, text_format); }

std::string utcName(UtcTime time) { return formatted(time, name_format); }

std::optional<UtcTime> parseUtcName(const std::string& text) { return parsed(text, name_format); }

}  // namespace millpond::cli
