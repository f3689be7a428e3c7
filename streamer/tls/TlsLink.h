// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <mbedtls/ssl.h>

#include "streamer/backlog/Deadline.h"
#include "streamer/tls/TlsSettings.h"
#include "streamer/uplink/Link.h"

namespace millpond::streamer {

/// TLS by mbedTLS, 2.28 to 4, over another link. A connection takes its memory from where mbedTLS's hooks
/// lead, and gives all of it back when it is closed:
///
///     bindMbedTls(memory);
///     mbedtls_platform_set_calloc_free(millpond_mbedtls_calloc, millpond_mbedtls_free);
///     static TlsSettings tls;
///     if (tls.trust(authority, "receiver.example") != 0) return;
///     static TcpLink tcp(stop);
///     static TlsLink link(tcp, tls);
///
/// `connect` includes the handshake. A step of it cannot be interrupted: about a second for elliptic curves
/// on a small processor, and about 8 KiB of stack.
class TlsLink : public Link {
 public:
  /// Requires: `below` and `settings` outlive it; `settings` were given a certificate or a key.
  TlsLink(Link& below, const TlsSettings& settings);
  TlsLink(const TlsLink&) = delete;
  TlsLink& operator=(const TlsLink&) = delete;
  ~TlsLink() override;

  bool connected() const override { return below_.connected(); }
  int error() const override { return error_; }
  Outage refusal() const override { return refusal_; }
  bool connect(const Endpoint& endpoint, Milliseconds timeout) override;
  std::size_t send(std::span<const std::byte> bytes, Milliseconds timeout) override;
  bool receive(std::span<std::byte> bytes, Milliseconds timeout) override;
  void finish(Milliseconds timeout) override;
  void close() override;

 private:
  static int sendBelow(void* self, const unsigned char* bytes, std::size_t size);
  static int receiveBelow(void* self, unsigned char* bytes, std::size_t size);

  Milliseconds timeLeft() const;
  int shakeHands();
  /// `failures`: requests for memory that had failed before.
  Outage refusalOf(int result, std::uint32_t failures) const;
  bool goesOn(int result) const;
  void lose(int result);

  Link& below_;
  const TlsSettings& settings_;
  mbedtls_ssl_context ssl_;
  Deadline deadline_ = Deadline::in({});  // of the present call
  int error_ = 0;
  Outage refusal_;
};

}  // namespace millpond::streamer
