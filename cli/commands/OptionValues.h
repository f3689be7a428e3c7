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
/// A time from one second to a hundred years: a number and one of s, min, h, d, w. Becomes seconds.
CLI::Validator duration();
/// A number of bytes, or one with KiB or MiB behind it. Becomes bytes.
CLI::Validator byteCount();
/// A number of bytes on a disk, with a unit from B to TiB. Becomes bytes.
CLI::Validator diskSpace();
/// NAME=N, as often as the option is given; N is whole.
CLI::Validator nameAndCount();
/// Any text that is not empty.
CLI::Validator someText();
/// HOST:PORT.
CLI::Validator hostAndPort();

}  // namespace millpond::cli
