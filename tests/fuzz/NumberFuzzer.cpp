// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Any text as the value of an option: it is refused with a reason, or it is a number in the range named.
#include <charconv>
#include <string>

#include "cli/commands/OptionValues.h"
#include "cli/device/Pace.h"
#include "cli/receiver/HostPort.h"
#include "cli/show/Error.h"
#include "tests/fuzz/Fuzzer.h"

namespace millpond::test {
namespace {

// Whether `validator` takes `text`, which then is a number from `least` to `most`.
template <class Number>
void number(const CLI::Validator& validator, std::string text, Number least, Number most) {
  if (!validator(text).empty()) return;
  Number value{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  require(error == std::errc{} && rest == end && value >= least && value <= most);
}

void speed(const std::string& text) {
  try {
    const cli::Pace pace = cli::Pace::parse(text);
    require(text == "max" || (pace.speed >= 0.001 && pace.speed <= 1000));
  } catch (const cli::Error&) {
    require(text != "max");
  }
}

void address(const std::string& text) {
  try {
    const cli::HostPort parsed = cli::HostPort::parse(text);
    const cli::HostPort again = cli::HostPort::parse(parsed.text());
    require(!parsed.host.empty() && again.host == parsed.host && again.port == parsed.port);
  } catch (const cli::Error&) {
    require(text != "127.0.0.1:9000");
  }
}

}  // namespace

void fuzz(std::span<const std::byte> input) {
  const std::string text(reinterpret_cast<const char*>(input.data()), input.size());
  number<double>(cli::numberFrom(0.01, 3600), text, 0.01, 3600);
  number<double>(cli::numberFrom(0.0001, 36500), text, 0.0001, 36500);
  number<std::uint64_t>(cli::wholeNumberFrom(1, UINT64_MAX), text, 1, UINT64_MAX);
  number<std::uint64_t>(cli::wholeNumberFrom(0, 4096), text, 0, 4096);
  speed(text);
  address(text);
}

}  // namespace millpond::test
