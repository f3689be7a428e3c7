// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/SharedBuffer.h"
#include "streamer/backlog/SampleRange.h"

namespace millpond::streamer {

/// Captured samples that wait to be gathered into a chunk: an audio buffer that others may share, of which
/// some samples may be gathered already.
struct AudioBlock {
  SharedBuffer buffer;
  std::uint64_t first = 0;
  std::uint32_t samples = 0;
  std::uint32_t gathered = 0;

  SampleRange rest() const { return {first + gathered, samples - gathered}; }
  const std::byte* next() const { return buffer.data() + gathered * sizeof(std::int16_t); }
};

}  // namespace millpond::streamer
