// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

namespace millpond::cli {

/// Effect: encodes a WAV file as FLAC beside it. Once the disk has the FLAC file, and reading it back gives
/// the same samples, removes the WAV file and the mark that it has ended. Finishes what an earlier call
/// began. A file without samples stays WAV; only its mark goes. Returns: whether there is a FLAC file now.
/// Throws `Error` where it cannot be made, or another file has its name; the WAV file stays then, and nothing
/// of the attempt.
bool encodeAsFlac(const std::filesystem::path& wav);

}  // namespace millpond::cli
