// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace millpond::cli {

/// Effect: writes `text` to `out`, now or at its next flush. Text that cannot be written is dropped, because
/// the work matters more than its output.
void writeText(std::FILE* out, std::string_view text);
/// Effect: flushes what was written, as far as possible.
void flushText(std::FILE* out);
/// Returns: why the first missing text of standard output could not be written, if any is missing. A reader
/// that has gone, as with `| head`, is not an error.
std::error_code outputError();

/// Returns: `json` over several lines. Invalid UTF-8, which a file's name may contain, becomes U+FFFD.
std::string jsonText(const nlohmann::json& json);

/// Effect: as `writeText`.
template <class... Arguments>
void print(std::FILE* out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeText(out, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeText(stdout, fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace millpond::cli
