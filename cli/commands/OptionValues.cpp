// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/OptionValues.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "cli/receiver/HostPort.h"
#include "cli/show/Error.h"
#include "millpond/MemoryConfig.h"

namespace millpond::cli {

namespace {

template <class Number>
std::optional<Number> parseNumber(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

// Replaces the text by the number as parsed here, so that the option does not read it as, say, octal.
template <class Number>
CLI::Validator numberIn(Number least, Number most, const std::string& what) {
  const std::string range = fmt::format("{} to {}", least, most);
  return {[=](std::string& text) {
            const std::optional<Number> number = parseNumber<Number>(text);
            if (!number || !(*number >= least && *number <= most)) {
              return fmt::format("{} is not {} from {}", text.empty() ? "an empty value" : text, what, range);
            }
            text = fmt::format("{}", *number);
            return std::string();
          },
          range};
}

/// A number with one of `units` behind it.
std::optional<double> parseWithUnit(const std::string& text,
                                    std::initializer_list<std::pair<const char*, double>> units) {
  const std::size_t end = text.find_last_of("0123456789.");
  if (end == std::string::npos) return std::nullopt;
  const auto number = parseNumber<double>(text.substr(0, end + 1));
  const std::string unit = text.substr(end + 1);
  const auto found =
      std::find_if(units.begin(), units.end(), [&](const auto& known) { return known.first == unit; });
  if (!number || !std::isfinite(*number) || *number < 0 || found == units.end()) return std::nullopt;
  return *number * found->second;
}

}  // namespace

CLI::Validator duration() {
  constexpr double hundred_years = 100 * 365.25 * 86400;
  return {[](std::string& text) {
            const auto seconds =
                parseWithUnit(text, {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}});
            if (!seconds || *seconds < 1 || *seconds > hundred_years) {
              return fmt::format(
                  "{} is not a time from 1s to 5200w: give a number and s, min, h, d or w, such as 30d",
                  text.empty() ? "an empty value" : text);
            }
            text = fmt::format("{}", *seconds);
            return std::string();
          },
          "30d"};
}

CLI::Validator byteCount() {
  return {[](std::string& text) {
            const auto bytes = parseWithUnit(text, {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}});
            if (!bytes || *bytes < 1 || *bytes > UINT32_MAX || *bytes != std::floor(*bytes)) {
              return fmt::format("{} is not a number of bytes: give one such as 77824, 76KiB or 1MiB",
                                 text.empty() ? "an empty value" : text);
            }
            text = fmt::format("{:.0f}", *bytes);
            return std::string();
          },
          "76KiB"};
}

CLI::Validator diskSpace() {
  static constexpr double kib = 1024;
  static constexpr double tib = kib * kib * kib * kib;
  return {
      [](std::string& text) {
        const auto bytes = parseWithUnit(
            text, {{"B", 1}, {"KiB", kib}, {"MiB", kib * kib}, {"GiB", kib * kib * kib}, {"TiB", tib}});
        if (!bytes || *bytes < 1 || *bytes > 1024 * tib) {
          return fmt::format(
              "{} is not a size from 1B to 1024TiB: give a number and B, KiB, MiB, GiB or TiB, such as 2GiB",
              text.empty() ? "an empty value" : text);
        }
        text = fmt::format("{:.0f}", *bytes);
        return std::string();
      },
      "2GiB"};
}

CLI::Validator nameAndCount() {
  return {[](const std::string& text) {
            const std::size_t equals = text.rfind('=');
            const bool named = equals != std::string::npos && equals != 0;
            const auto count = named ? parseNumber<std::uint32_t>(text.substr(equals + 1)) : std::nullopt;
            if (count && *count >= 1 && *count <= MemoryConfig::max_blocks) return std::string();
            return fmt::format("{} is not SOURCE=N with N from 1 to {}, such as session=24",
                               text.empty() ? "an empty value" : text, MemoryConfig::max_blocks);
          },
          "SOURCE=N"};
}

CLI::Validator numberFrom(double least, double most) { return numberIn(least, most, "a number"); }

CLI::Validator wholeNumberFrom(std::uint64_t least, std::uint64_t most) {
  return numberIn(least, most, "a whole number");
}

CLI::Validator someText() {
  return {[](const std::string& text) {
            return std::string(text.empty() ? "an empty value is not allowed" : "");
          },
          {}};
}

CLI::Validator hostAndPort() {
  return {[](const std::string& text) {
            try {
              HostPort::parse(text);
            } catch (const Error& error) {
              return std::string(error.what());
            }
            return std::string();
          },
          {}};
}

}  // namespace millpond::cli
