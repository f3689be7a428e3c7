// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Print.h"

#include <cerrno>
#include <system_error>

#include "cli/Error.h"

namespace millpond::cli {

namespace {

void failToPrint(std::FILE* out) {
  const int error = errno;
  if (out == stderr) return;
  if (error == EPIPE && std::freopen("/dev/null", "w", out) != nullptr) return;
  throw Error(fmt::format("cannot write to standard output: {}", std::generic_category().message(error)));
}

}  // namespace

void writeText(std::FILE* out, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), out) != text.size()) failToPrint(out);
}

void flushText(std::FILE* out) {
  if (std::fflush(out) != 0) failToPrint(out);
}

}  // namespace millpond::cli
