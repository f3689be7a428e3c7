// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <string_view>

namespace millpond::cli {

/// Effect: checks that a file can be written at `path`, without changing anything, so that a failure shows
/// before the work to be reported. Throws: `Error` if it cannot.
void checkReportFile(const std::string& path);

/// Effect: writes `text` as the file at `path`. Throws: `Error` if it cannot be written or does not fit.
void writeReportFile(const std::string& path, std::string_view text);

}  // namespace millpond::cli
