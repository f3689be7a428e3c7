// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <string_view>

namespace millpond::cli {

/// Effect: none that lasts. Throws: `Error` where no file can be written at `path`, so that this is known
/// before the work whose report it is for.
void checkReportFile(const std::string& path);

/// Effect: the file at `path` is `text`. Throws: `Error` where it cannot be written or does not fit.
void writeReportFile(const std::string& path, std::string_view text);

}  // namespace millpond::cli
