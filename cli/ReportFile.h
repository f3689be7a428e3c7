// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <fstream>
#include <string>
#include <string_view>

namespace millpond::cli {

/// A file that something long will be written to: opened first, so that what cannot be written is known
/// before the work. Until `write` an old file's text stays; a new file that was not written is removed.
class ReportFile {
 public:
  /// Throws: `Error` where `path` cannot be written.
  explicit ReportFile(std::string path);
  ~ReportFile();
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;

  /// Effect: the file is `text`. Throws: `Error` where it does not fit.
  void write(std::string_view text);

 private:
  std::string path_;
  bool removed_at_end_;
  std::ofstream file_;
};

}  // namespace millpond::cli
