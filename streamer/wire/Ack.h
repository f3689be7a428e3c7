// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "streamer/wire/WireError.h"

namespace millpond::streamer {

/// The receiver's acknowledgement of a chunk that it has on file. docs/wire-format.md specifies each byte.
struct Ack {
  static constexpr std::size_t size = 32;
  using Bytes = std::array<std::byte, size>;

  std::uint64_t stream_id = 0;
  /// The sequence number of the chunk that is on file.
  std::uint32_t sequence = 0;
  /// Index of the next sample that the receiver expects. All samples before it are on file or known to be
  /// missing.
  std::uint64_t next_sample = 0;

  Bytes encode() const;

  /// Effect: reads `bytes` into `ack`. Returns: the first reason why it is not a valid acknowledgement of
  /// version 1. Cost: constant.
  static WireError decode(std::span<const std::byte, size> bytes, Ack& ack);

  friend bool operator==(const Ack&, const Ack&) = default;
};

}  // namespace millpond::streamer
