// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// What is wrong with a message from the wire.
enum class WireError : std::uint8_t {
  none,
  magic,
  version,
  header_length,
  flags,
  format,
  payload_length,
  sample_index,
  checksum,
};

/// Returns: what is wrong and what is allowed, as text for people.
constexpr const char* describe(WireError error) {
  switch (error) {
    case WireError::none:
      return "nothing is wrong";
    case WireError::magic:
      return "it does not start with the magic of a Millpond stream";
    case WireError::version:
      return "its version is not 1";
    case WireError::header_length:
      return "its header length does not fit its version";
    case WireError::flags:
      return "it has flags or reserved bits that version 1 does not know";
    case WireError::format:
      return "its format is not mono 16-bit PCM at 8000 to 48000 Hz";
    case WireError::payload_length:
      return "its payload length is not an even number from 0 to 20432";
    case WireError::sample_index:
      return "its sample index is beyond 2^62";
    case WireError::checksum:
      return "its checksum does not match";
  }
  return "?";
}

}  // namespace millpond::streamer
