// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/receiver/RecordingFile.h"

namespace millpond::test {

/// Returns: the file of a stream from sample `first` on, whenever it was begun; where there is none, the name
/// of one that does not say when.
inline std::filesystem::path recordingIn(const std::filesystem::path& folder, std::uint64_t stream_id,
                                         std::uint64_t first, std::string_view extension = ".wav") {
  const cli::RecordingName wanted{stream_id, first};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    std::string_view found_extension;
    const std::string text = entry.path().filename().string();
    auto name = cli::RecordingName::parse(text, found_extension);
    if (!name || found_extension != extension) continue;
    name->begun = {};
    if (*name == wanted) return entry.path();
  }
  return folder / wanted.text(extension);
}

}  // namespace millpond::test
