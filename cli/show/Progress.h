// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "millpond/MemoryEvents.h"
#include "millpond/MemoryStats.h"
#include "streamer/backlog/SampleAccount.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

/// How far a device is.
struct Progress {
  /// Who holds how much of the general pool.
  struct Holder {
    std::string source;
    std::size_t granules = 0;
  };
  /// The heap of a device that is squeezed, in bytes.
  struct Squeeze {
    std::size_t all = 0;
    std::size_t free = 0;
    std::size_t largest_free = 0;
    std::size_t stressor = 0;
  };

  MemoryStats memory;
  streamer::SampleAccount account;
  streamer::Uplink::Stats uplink;
  std::optional<std::uint64_t> total_samples;  // empty where nobody knows
  double seconds = 0;
  streamer::Wire wire = streamer::Wire::framed;
  /// Whether all of the stream is delivered, so that no connection is needed any more.
  bool complete = false;
  PressureLevel pressure = PressureLevel::normal;
  std::vector<Holder> general;
  std::optional<Squeeze> squeeze;
};

}  // namespace millpond::cli
