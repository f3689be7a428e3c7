// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// Why the stream does not move: what the last attempt to deliver a chunk failed of.
struct alignas(std::uint32_t) Outage {
  enum class Cause : std::uint8_t {
    none,
    /// The receiver's name has no address; `detail` is the code of getaddrinfo, or 0 where it gave none.
    unresolved,
    /// The look-up of the name did not end in time.
    slow_lookup,
    /// No address took the connection; `detail` is the `errno` of the last.
    unreachable,
    /// The peer did not read a chunk in time: TCP had no room for all of it.
    not_read,
    /// The peer did not answer a chunk in time. Whether it read the chunk is not known: TCP took it.
    not_answered,
    /// The peer closed the connection instead of answering.
    closed,
    /// The connection failed; `detail` is the `errno`.
    broken,
    /// The answer is no acknowledgement; `detail` is the `WireError`.
    bad_answer,
    /// The answer acknowledges another chunk, or not all of this one.
    wrong_answer,
  };

  Cause cause = Cause::none;
  std::int16_t detail = 0;

  friend bool operator==(const Outage&, const Outage&) = default;
};
static_assert(sizeof(Outage) == 4, "an atomic of it takes no lock on a 32-bit core");

}  // namespace millpond::streamer
