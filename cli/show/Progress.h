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

/// The progress of a device.
struct Progress {
  /// How much of the general pool a source holds.
  struct Holder {
    std::string source;
    std::size_t granules = 0;
  };
  /// The heap of a squeezed device, in bytes.
  struct Squeeze {
    std::size_t all = 0;
    std::size_t free = 0;
    std::size_t largest_free = 0;
    std::size_t stressor = 0;
  };

  MemoryStats memory;
  streamer::SampleAccount account;
  streamer::Uplink::Stats uplink;
  std::optional<std::uint64_t> total_samples;  // empty if unknown
  double seconds = 0;
  streamer::Wire wire = streamer::Wire::framed;
  /// Whether the whole stream is delivered, so that no connection is needed any more.
  bool complete = false;
  PressureLevel pressure = PressureLevel::normal;
  std::vector<Holder> general;
  std::optional<Squeeze> squeeze;
};

}  // namespace millpond::cli
