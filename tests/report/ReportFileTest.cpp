// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/Error.h"
#include "cli/ReportFile.h"
#include "support/TempFolder.h"

namespace millpond::test {
namespace {

std::string textOf(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ReportFile, IsRemovedUnlessWritten) {
  const TempFolder folder;
  { const cli::ReportFile file((folder / "a.html").string()); }
  EXPECT_FALSE(std::filesystem::exists(folder / "a.html"));
}

TEST(ReportFile, KeepsAnOldTextUntilTheNewOneIsThere) {
  const TempFolder folder;
  std::ofstream(folder / "a.html") << "the old and longer text";
  { const cli::ReportFile file((folder / "a.html").string()); }
  EXPECT_EQ(textOf(folder / "a.html"), "the old and longer text");
  { cli::ReportFile((folder / "a.html").string()).write("new"); }
  EXPECT_EQ(textOf(folder / "a.html"), "new");
}

TEST(ReportFile, SaysWhyItCannotBe) {
  const TempFolder folder;
  EXPECT_THROW(cli::ReportFile(folder.path().string()), cli::Error);
  EXPECT_THROW(cli::ReportFile((folder / "missing" / "a.html").string()), cli::Error);
}

}  // namespace
}  // namespace millpond::test
