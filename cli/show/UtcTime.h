// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <string>

namespace millpond::cli {

/// Wall-clock time in whole seconds since 1970, UTC.
using UtcTime = std::chrono::sys_seconds;

inline UtcTime utcNow() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

/// Returns: `time` as RFC 3339 has it, "2026-01-02T03:04:05Z".
std::string utcText(UtcTime time);

}  // namespace millpond::cli
