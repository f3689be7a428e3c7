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

/// Effect: writes `text` to `out`, or at its next flush. The work matters more than its output: what cannot
/// be written is left out.
void writeText(std::FILE* out, std::string_view text);
/// Effect: lets what was written arrive, as far as it can.
void flushText(std::FILE* out);
/// Returns: why the first text that standard output lacks could not be written, if any. That nobody reads any
/// more, as with `| head`, is no error.
std::error_code outputError();

/// Returns: `json` over several lines. What is no UTF-8, as part of a file's name may be, becomes U+FFFD.
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
