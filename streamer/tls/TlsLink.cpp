// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/tls/TlsLink.h"

#include <mbedtls/version.h>
#include <mbedtls/x509.h>

#include <algorithm>
#include <cerrno>

#include "millpond/adapters/MbedTls.h"

#if MBEDTLS_VERSION_MAJOR < 3
#define MBEDTLS_PRIVATE(member) member
#endif

namespace millpond::streamer {

namespace {

using Cause = Outage::Cause;

// How long a receiver that was refused may take to read why.
constexpr Link::Milliseconds farewell{500};

Cause certificateFault(std::uint32_t flags) {
  if ((flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0) return Cause::untrusted;
  if ((flags & MBEDTLS_X509_BADCERT_EXPIRED) != 0) return Cause::expired;
  if ((flags & MBEDTLS_X509_BADCERT_FUTURE) != 0) return Cause::not_yet_valid;
  return (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) != 0 ? Cause::other_name : Cause::weak_certificate;
}

}  // namespace

TlsLink::TlsLink(Link& below, const TlsSettings& settings) : below_(below), settings_(settings) {
  mbedtls_ssl_init(&ssl_);
}

TlsLink::~TlsLink() { TlsLink::close(); }

TlsLink::Milliseconds TlsLink::timeLeft() const { return std::chrono::ceil<Milliseconds>(deadline_.left()); }

bool TlsLink::connect(const Endpoint& endpoint, Milliseconds timeout) {
  deadline_ = Deadline::in(timeout);
  refusal_ = {};
  if (!below_.connect(endpoint, timeout)) {
    error_ = below_.error();
    return false;
  }
  const std::uint32_t failures = mbedtls_memory.failures();
  const int result = shakeHands();
  if (result == 0) return true;
  refusal_ = refusalOf(result, failures);
  lose(result);
  return false;
}

int TlsLink::shakeHands() {
  int result = mbedtls_ssl_setup(&ssl_, &settings_.config());
  if (result == 0 && settings_.name() != nullptr) {
    result = mbedtls_ssl_set_hostname(&ssl_, settings_.name());
  }
  if (result != 0) return result;
  mbedtls_ssl_set_bio(&ssl_, this, &sendBelow, &receiveBelow, nullptr);
  do result = mbedtls_ssl_handshake(&ssl_);
  while (goesOn(result));
  return result;
}

Outage TlsLink::refusalOf(int result, std::uint32_t failures) const {
  if (!below_.connected()) {
    const int error = below_.error();
    if (error == ETIMEDOUT) return {Cause::handshake_slow};
    if (error == 0 || error == ECONNRESET || error == EPIPE) return {Cause::handshake_closed};
    return {Cause::broken, static_cast<std::int16_t>(error)};
  }
  // mbedTLS hides in some steps, even as a wrong certificate, that it had no memory.
  if (mbedtls_memory.failures() != failures) return {Cause::no_tls_memory};
  const std::uint32_t flags = mbedtls_ssl_get_verify_result(&ssl_);
  if (flags != 0 && flags != UINT32_MAX) return {certificateFault(flags)};
  if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return {Cause::handshake_closed};
  if (result == MBEDTLS_ERR_SSL_INVALID_RECORD) return {Cause::no_tls};
  if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
    return {Cause::handshake_refused, ssl_.MBEDTLS_PRIVATE(in_msg)[1]};
  }
  return {Cause::handshake_failed, static_cast<std::int16_t>(-result)};
}

std::size_t TlsLink::send(std::span<const std::byte> bytes, Milliseconds timeout) {
  deadline_ = Deadline::in(timeout);
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const int result = mbedtls_ssl_write(&ssl_, data + sent, bytes.size() - sent);
    if (result > 0) {
      sent += static_cast<std::size_t>(result);
    } else if (!goesOn(result)) {
      lose(result);
      break;
    }
  }
  return sent;
}

bool TlsLink::receive(std::span<std::byte> bytes, Milliseconds timeout) {
  deadline_ = Deadline::in(timeout);
  while (!bytes.empty()) {
    const int result = mbedtls_ssl_read(&ssl_, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size());
    if (result > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(result));
    } else if (!goesOn(result)) {
      lose(result);
      return false;
    }
  }
  return true;
}

void TlsLink::finish(Milliseconds timeout) {
  if (!connected()) return;
  deadline_ = Deadline::in(timeout);
  if (mbedtls_ssl_close_notify(&ssl_) == 0) below_.finish(timeLeft());
  close();
}

void TlsLink::close() {
  mbedtls_ssl_free(&ssl_);
  mbedtls_ssl_init(&ssl_);
  below_.close();
}

// mbedTLS also returns where the peer asks to start over, which it refuses.
bool TlsLink::goesOn(int result) const {
  return (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) && !deadline_.passed();
}

void TlsLink::lose(int result) {
  if (!below_.connected()) {
    error_ = below_.error();
  } else if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
    error_ = 0;
  } else {
    error_ = EPROTO;
    below_.finish(std::min(timeLeft(), farewell));  // the peer reads the alert before it sees the end
  }
  close();
}

int TlsLink::sendBelow(void* self, const unsigned char* bytes, std::size_t size) {
  auto& link = *static_cast<TlsLink*>(self);
  if (!link.below_.connected()) return MBEDTLS_ERR_SSL_CONN_EOF;
  const std::size_t sent = link.below_.send(std::as_bytes(std::span(bytes, size)), link.timeLeft());
  return sent == size ? static_cast<int>(size) : MBEDTLS_ERR_SSL_CONN_EOF;
}

// On a stream mbedTLS asks for exactly the bytes without which it cannot go on.
int TlsLink::receiveBelow(void* self, unsigned char* bytes, std::size_t size) {
  auto& link = *static_cast<TlsLink*>(self);
  if (!link.below_.connected()) return MBEDTLS_ERR_SSL_CONN_EOF;
  const bool filled = link.below_.receive(std::as_writable_bytes(std::span(bytes, size)), link.timeLeft());
  return filled ? static_cast<int>(size) : MBEDTLS_ERR_SSL_CONN_EOF;
}

}  // namespace millpond::streamer
