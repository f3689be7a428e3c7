// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

#include "cli/audio/Descriptor.h"
#include "cli/audio/WavFile.h"

namespace millpond::cli {

/// The folder that a receiver writes to, its own for the object's life: two that write the same stream would
/// each acknowledge what the other does not have.
class OutputFolder {
 public:
  /// Effect: makes the folder, and those above it that are missing. Where `durable`, the disk has it and all
  /// above it then. Throws `Error` where it cannot be made or written, or where another receiver has it.
  OutputFolder(const std::filesystem::path& path, WavFile::Durable durable);

 private:
  Descriptor folder_;
};

}  // namespace millpond::cli
