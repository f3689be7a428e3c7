// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace millpond::cli {

/// Wall-clock time in whole seconds since 1970, UTC.
using UtcTime = std::chrono::sys_seconds;

inline UtcTime utcNow() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

/// Returns: `time` as RFC 3339 has it, "2026-01-02T03:04:05Z".
std::string utcText(UtcTime time);
/// Returns: the time that `text` has in that form; empty if it has not.
std::optional<UtcTime> parseUtcText(const std::string& text);

/// The same in the form for the name of a file, "20260102T030405Z".
std::string utcName(UtcTime time);
std::optional<UtcTime> parseUtcName(const std::string& text);

}  // namespace millpond::cli
