// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <cstdint>

namespace millpond::cli {

/// What an option's value must be, for `CLI::Option::transform`. Numbers are decimal and finite, and nothing
/// stands before or behind them; what is refused is told with what is allowed, and --help shows the range.
CLI::Validator numberFrom(double least, double most);
CLI::Validator wholeNumberFrom(std::uint64_t least, std::uint64_t most);
/// Any text but the empty one.
CLI::Validator someText();
/// HOST:PORT.
CLI::Validator hostAndPort();

}  // namespace millpond::cli
