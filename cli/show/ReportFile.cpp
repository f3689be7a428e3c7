// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/ReportFile.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

[[noreturn]] void failToWrite(const std::string& path) {
  throw Error("cannot write report " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

void checkReportFile(const std::string& path) {
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(path, ignored);
  const bool opens = std::ofstream(path, std::ios::app).is_open();
  if (!opens) failToWrite(path);
  if (is_new) std::filesystem::remove(path, ignored);
}

void writeReportFile(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) failToWrite(path);
}

}  // namespace millpond::cli
