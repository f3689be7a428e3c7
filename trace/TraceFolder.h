// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "millpond/trace/TraceEncoder.h"

namespace millpond::trace {

/// A new folder that a trace is written to: one boot of one device. Without a packet nothing remains of it,
/// so that a command that could not start can be given again.
class TraceFolder {
 public:
  /// Throws: `TraceError` if the folder cannot be made, or already has files.
  explicit TraceFolder(const std::filesystem::path& folder);
  ~TraceFolder();
  TraceFolder(const TraceFolder&) = delete;
  TraceFolder& operator=(const TraceFolder&) = delete;

  /// The sink that writes to it; valid as long as the folder.
  TraceSink sink() { return {.write = &TraceFolder::write, .context = this}; }
  /// Effect: writes a packet; keeps the first error, after which nothing is written.
  bool write(TraceSink::Part part, std::span<const std::byte> packet);
  /// Throws: `TraceError` if anything could not be written.
  void close();

 private:
  static bool write(void* self, TraceSink::Part part, std::span<const std::byte> packet);

  std::filesystem::path folder_;
  int descriptors_[2] = {-1, -1};
  int error_ = 0;
  bool has_packets_ = false;
};

}  // namespace millpond::trace
