// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

namespace millpond::cli {

/// Effect: encodes a WAV file as FLAC beside it, and removes the WAV file once the other is whole.
/// Returns: the FLAC file. Throws `Error` where it cannot; the WAV file stays then.
std::filesystem::path encodeAsFlac(const std::filesystem::path& wav);

}  // namespace millpond::cli
