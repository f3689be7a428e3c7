// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/ReportFile.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cli/Error.h"

namespace millpond::cli {

namespace {

Error unwritable(const std::string& path) {
  return Error("cannot write report " + path + ": " + std::strerror(errno));
}

}  // namespace

ReportFile::ReportFile(std::string path)
    : path_(std::move(path)), removed_at_end_(!std::filesystem::exists(path_)), file_(path_, std::ios::app) {
  if (!file_) throw unwritable(path_);
}

ReportFile::~ReportFile() {
  std::error_code ignored;
  if (removed_at_end_) std::filesystem::remove(path_, ignored);
}

void ReportFile::write(std::string_view text) {
  file_.close();
  file_.open(path_, std::ios::binary | std::ios::trunc);
  file_.write(text.data(), static_cast<std::streamsize>(text.size()));
  file_.close();
  if (!file_) throw unwritable(path_);
  removed_at_end_ = false;
}

}  // namespace millpond::cli
