// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/OutputFolder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "cli/show/Error.h"

namespace millpond::cli {

OutputFolder::OutputFolder(const std::filesystem::path& path, WavFile::Durable durable) {
  const auto require = [&](const std::error_code& error, const char* what) {
    if (error) throw Error(fmt::format("{} '{}': {}", what, path.string(), error.message()));
  };
  std::error_code error;
  std::filesystem::create_directories(path, error);
  require(error, "cannot make output folder");
  require(folder_.open(path, O_RDONLY | O_DIRECTORY), "cannot read output folder");
  error = folder_.lock();
  if (error == std::errc::operation_would_block) {
    throw Error(fmt::format("output folder '{}' has a receiver already; each needs a folder of its own",
                            path.string()));
  }
  require(error, "cannot lock output folder");
  const std::filesystem::path probe = path / ".millpond-probe";
  Descriptor file;
  require(file.open(probe, O_RDWR | O_CREAT), "cannot write to output folder");
  ::unlink(probe.c_str());
  // Syncs more than a folder made here: whoever started this program may have made it just before.
  if (durable == WavFile::Durable::yes) require(folder_.syncFileSystem(), "cannot put on disk folder");
}

}  // namespace millpond::cli
