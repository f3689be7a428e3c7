// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "streamer/wire/WireError.h"

namespace millpond::streamer {

/// The receiver's answer to a chunk that it has on file; docs/wire-format.md has it byte by byte.
struct Ack {
  static constexpr std::size_t size = 32;
  using Bytes = std::array<std::byte, size>;

  std::uint64_t stream_id = 0;
  /// Of the chunk that is on file.
  std::uint32_t sequence = 0;
  /// Index of the sample that the receiver expects next; all before it are on file, or known to be missing.
  std::uint64_t next_sample = 0;

  Bytes encode() const;

  /// Effect: reads `bytes` into `ack`. Returns: why it is none of version 1, the first reason.
  /// Cost: constant.
  static WireError decode(std::span<const std::byte, size> bytes, Ack& ack);

  friend bool operator==(const Ack&, const Ack&) = default;
};

}  // namespace millpond::streamer
