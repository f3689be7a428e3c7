// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/show/Error.h"
#include "cli/show/ReportFile.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

std::string textOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ReportFile, IsCheckedWithoutATrace) {
  const TempFolder folder;
  cli::checkReportFile((folder / "new.html").string());
  EXPECT_FALSE(std::filesystem::exists(folder / "new.html"));
  std::ofstream(folder / "old.html") << "old";
  cli::checkReportFile((folder / "old.html").string());
  EXPECT_EQ(textOf(folder / "old.html"), "old");
}

TEST(ReportFile, IsItsTextAndNothingElse) {
  const TempFolder folder;
  std::ofstream(folder / "a.html") << "the old and longer text";
  cli::writeReportFile((folder / "a.html").string(), "new");
  EXPECT_EQ(textOf(folder / "a.html"), "new");
}

TEST(ReportFile, SaysWhyItCannotBe) {
  const TempFolder folder;
  EXPECT_THROW(cli::checkReportFile(folder.path().string()), cli::Error);
  EXPECT_THROW(cli::checkReportFile((folder / "missing" / "a.html").string()), cli::Error);
  EXPECT_THROW(cli::writeReportFile("/dev/full", std::string(100000, 'x')), cli::Error);
}

}  // namespace
}  // namespace millpond::test
