// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <cstdint>

namespace millpond::cli {

/// Validators for `CLI::Option::transform`. Numbers are decimal and finite, without anything before or after
/// them. A refusal says what is allowed, and --help shows the range.
CLI::Validator numberFrom(double least, double most);
CLI::Validator wholeNumberFrom(std::uint64_t least, std::uint64_t most);
/// Any text that is not empty.
CLI::Validator someText();
/// HOST:PORT.
CLI::Validator hostAndPort();

}  // namespace millpond::cli
