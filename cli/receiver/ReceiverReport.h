// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/receiver/StreamAccount.h"

namespace millpond::cli {

/// What a receiver has done since it started.
struct ReceiverReport {
  std::vector<StreamAccount> streams;
  /// Streams that are no longer listed.
  std::uint64_t forgotten_streams = 0;
  std::uint64_t connections = 0;
  /// Connections closed because of invalid data, or because there were too many.
  std::uint64_t refused = 0;
  std::uint64_t bad_checksums = 0;
  /// Number of times that a file could not be written.
  std::uint64_t write_errors = 0;
  /// Recordings removed because of their age or for lack of room, and the room that they had.
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;

  nlohmann::json json() const;
  std::string text() const;
};

}  // namespace millpond::cli
