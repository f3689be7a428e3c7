// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

namespace millpond::cli {

/// Effect: encodes a WAV file as a FLAC file beside it. Once the FLAC file is on disk and reads back as the
/// same samples, with the date of the WAV file, removes the WAV file and the mark that it has ended.
/// Completes what an earlier call began. A file without samples stays WAV; only its mark is removed. Returns:
/// whether there is a FLAC file now. Throws `Error` if it cannot be made, or if its name is taken. Then the
/// WAV file stays, and nothing of the attempt remains.
bool encodeAsFlac(const std::filesystem::path& wav);

}  // namespace millpond::cli
