// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::streamer {

/// Why the stream is stalled: why the last attempt to deliver a chunk failed.
struct Outage {
  enum class Cause : std::uint8_t {
    none,
    /// The receiver's name has no address; `detail` is the code of getaddrinfo, or 0 if it gave none.
    unresolved,
    /// The name look-up timed out.
    slow_lookup,
    /// No address accepted the connection; `detail` is the `errno` of the last attempt.
    unreachable,
    /// The peer did not read a chunk in time: TCP had no room for all of it.
    not_read,
    /// The peer did not answer a chunk in time. TCP accepted the chunk; whether the peer read it is unknown.
    not_answered,
    /// The peer closed the connection instead of answering.
    closed,
    /// The connection failed; `detail` is the `errno`.
    broken,
    /// The answer is not an acknowledgement; `detail` is the `WireError`.
    bad_answer,
    /// The answer acknowledges another chunk, or only part of this one.
    wrong_answer,

    // Why TLS was not established.
    /// No authority that the device trusts signed the receiver's certificate.
    untrusted,
    /// The certificate has expired.
    expired,
    /// The certificate begins to be valid later. On a device: is the clock set?
    not_yet_valid,
    /// The certificate is for another host name.
    other_name,
    /// The certificate has a key, a signature or a purpose that the device does not accept.
    weak_certificate,
    /// The receiver refused the handshake; `detail` is the description in its alert, by RFC 5246.
    handshake_refused,
    /// The receiver closed the connection in the handshake.
    handshake_closed,
    /// The receiver did not go on with the handshake in time.
    handshake_slow,
    /// The answer is not TLS.
    no_tls,
    /// The device's memory for TLS was exhausted.
    no_tls_memory,
    /// The handshake failed for another reason; `detail` is the error of mbedTLS's, negated.
    handshake_failed,
  };

  Cause cause = Cause::none;
  std::int16_t detail = 0;

  /// As one word, which tasks share without a lock.
  constexpr std::uint32_t word() const {
    return static_cast<std::uint32_t>(cause) | std::uint32_t{static_cast<std::uint16_t>(detail)} << 16U;
  }
  static constexpr Outage of(std::uint32_t word) {
    return {static_cast<Cause>(word & 0xFFU), static_cast<std::int16_t>(word >> 16U)};
  }

  friend bool operator==(const Outage&, const Outage&) = default;
};

}  // namespace millpond::streamer
