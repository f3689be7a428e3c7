// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/Print.h"

#include <stdio_ext.h>

#include <atomic>
#include <cerrno>
#include <nlohmann/json.hpp>

namespace millpond::cli {

namespace {

// The `errno` of the first failure; 0 if there was none.
constinit std::atomic<int> output_errno{0};

// Discards what is left in the buffer, so that later text starts afresh.
void leaveOut(std::FILE* out) {
  const int error = errno;
  std::clearerr(out);
  ::__fpurge(out);
  int none = 0;
  if (out == stdout && error != EPIPE) output_errno.compare_exchange_strong(none, error);
}

}  // namespace

void writeText(std::FILE* out, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), out) != text.size()) leaveOut(out);
}

void flushText(std::FILE* out) {
  if (std::fflush(out) != 0) leaveOut(out);
}

std::error_code outputError() { return {output_errno, std::generic_category()}; }

std::string jsonText(const nlohmann::json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace millpond::cli
