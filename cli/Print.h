// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace millpond::cli {

/// Effect: writes `text` to `out`, or at its next flush. That nobody reads any more, as with `| head`, is no
/// error: the rest goes nowhere, and the work goes on. Throws: `Error` where standard output cannot be
/// written, as on a full disk; for standard error there is nobody to tell.
void writeText(std::FILE* out, std::string_view text);
/// Effect: lets what was written arrive. Throws: as `writeText`.
void flushText(std::FILE* out);

/// Effect, throws: as `writeText`.
template <class... Arguments>
void print(std::FILE* out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeText(out, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeText(stdout, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace millpond::cli
