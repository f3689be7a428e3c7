// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "millpond/TraceStream.h"
#include "trace/TraceFolder.h"

namespace millpond::cli {

/// Records what `deviceMemory` does, to a new folder. One at a time.
class DeviceTrace {
 public:
  /// Throws `trace::TraceError` if the folder cannot be made, or has files.
  explicit DeviceTrace(const std::string& folder);

  void drain() { stream_->drain(); }
  /// Effect: ends the recording. Throws `trace::TraceError` if anything could not be written.
  void finish();

 private:
  static constexpr std::size_t room_bytes = std::size_t{64} * 1024;

  trace::TraceFolder folder_;
  std::vector<std::byte> room_;
  std::optional<TraceStream> stream_;
};

}  // namespace millpond::cli
