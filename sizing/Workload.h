// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "sizing/DemandLog.h"

namespace millpond::sizing {

/// An input that no answer can be made of. `what` says in one line what is wrong and what is allowed.
struct SizingError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A pool, as it is or as it should be. A class of requests without a pool has 0 blocks.
struct PoolSize {
  std::string name;
  bool runs = false;
  std::uint32_t blocks = 0;
  std::uint32_t block_size = 0;

  std::uint64_t bytes() const { return std::uint64_t{blocks} * block_size; }
  bool operator==(const PoolSize&) const = default;
};

/// Returns: the bytes of all pools.
std::uint64_t bytesOf(const std::vector<PoolSize>& pools);

/// The life of one device, as its trace has it.
struct RecordedDevice {
  std::string name;
  DemandLog log;
  /// Requests that got no memory. How long they would have held it is unknown: they count at their moment.
  std::uint64_t refused = 0;
  /// Events that the device could not record, and packets that its trace does not have.
  std::uint64_t lost = 0;
  std::uint64_t missing_packets = 0;
  /// Whether its pools have other sizes than the first device's.
  bool other_sizes = false;
};

/// What one or many devices of the same firmware did.
struct Workload {
  /// The pools that the devices have, then the classes of requests without one. `Request::pool` is an index.
  std::vector<PoolSize> pools;
  /// `Request::source` is an index.
  Names sources;
  std::vector<RecordedDevice> devices;

  double seconds() const;
  std::uint64_t events() const;
};

}  // namespace millpond::sizing
