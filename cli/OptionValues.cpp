// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/OptionValues.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "cli/Error.h"
#include "cli/HostPort.h"

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

// The value becomes the number as it was understood here: the option must not read, say, an octal one.
template <class Number, class Allowed>
CLI::Validator numberThat(Allowed allowed, const std::string& what) {
  return CLI::Validator(
      [=](std::string& text) {
        const std::optional<Number> number = parseNumber<Number>(text);
        if (!number || !allowed(*number)) {
          return fmt::format("{} is not {}", text.empty() ? "an empty value" : text, what);
        }
        text = fmt::format("{}", *number);
        return std::string();
      },
      {});
}

}  // namespace

CLI::Validator numberFrom(double least, double most) {
  return numberThat<double>([=](double number) { return number >= least && number <= most; },
                            fmt::format("a number from {} to {}", least, most));
}

CLI::Validator numberAbove(double excluded, double most) {
  return numberThat<double>([=](double number) { return number > excluded && number <= most; },
                            fmt::format("above {} up to {}", excluded, most));
}

CLI::Validator wholeNumberFrom(std::uint64_t least, std::uint64_t most) {
  return numberThat<std::uint64_t>([=](std::uint64_t number) { return number >= least && number <= most; },
                                   fmt::format("a whole number from {} to {}", least, most));
}

CLI::Validator someText() {
  return CLI::Validator(
      [](const std::string& text) {
        return std::string(text.empty() ? "an empty value is not allowed" : "");
      },
      {});
}

CLI::Validator hostAndPort() {
  return CLI::Validator(
      [](const std::string& text) {
        try {
          HostPort::parse(text);
        } catch (const Error& error) {
          return std::string(error.what());
        }
        return std::string();
      },
      {});
}

}  // namespace millpond::cli
