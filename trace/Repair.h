// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>

namespace millpond::trace {

/// What a repair kept.
struct Repaired {
  std::uint64_t packets = 0;
  std::uint64_t kept_bytes = 0;
  std::uint64_t bytes = 0;
};

/// Effect: writes the whole packets of the trace in `from` to the new folder `to`. `from` is a trace's
/// folder, or a file in which metadata and events follow each other as a firmware sent them. A packet whose
/// times or counts contradict the others is left out. Throws: `TraceError` if nothing can be kept.
Repaired repair(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace millpond::trace
