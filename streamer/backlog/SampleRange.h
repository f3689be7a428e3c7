// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// `samples` samples of a stream from index `first` on.
struct SampleRange {
  std::uint64_t first = 0;
  std::uint64_t samples = 0;

  constexpr std::uint64_t end() const { return first + samples; }
  friend constexpr bool operator==(const SampleRange&, const SampleRange&) = default;
};

}  // namespace millpond::streamer
