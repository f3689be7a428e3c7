// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>

#include "millpond/MemoryStats.h"
#include "streamer/SampleAccount.h"
#include "streamer/Uplink.h"

namespace millpond::cli {

/// How far a device is.
struct Progress {
  MemoryStats memory;
  streamer::SampleAccount account;
  streamer::Uplink::Stats uplink;
  std::optional<std::uint64_t> total_samples;  // empty where nobody knows
  double seconds = 0;
  streamer::Wire wire = streamer::Wire::framed;
};

}  // namespace millpond::cli
