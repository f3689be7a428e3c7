// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/OptionValues.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "cli/receiver/HostPort.h"
#include "cli/show/Error.h"

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

}  // namespace

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
