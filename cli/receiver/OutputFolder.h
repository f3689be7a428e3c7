// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

#include "cli/audio/Descriptor.h"
#include "cli/audio/WavFile.h"

namespace millpond::cli {

/// The folder that a receiver writes to, locked for the object's life. Two receivers that write the same
/// stream would each acknowledge samples that the other does not have.
class OutputFolder {
 public:
  /// Effect: makes the folder and its missing parents. If `durable`, waits until they are on disk. Throws
  /// `Error` if the folder cannot be made or written, or if another receiver has it.
  OutputFolder(const std::filesystem::path& path, WavFile::Durable durable);

 private:
  Descriptor folder_;
};

}  // namespace millpond::cli
