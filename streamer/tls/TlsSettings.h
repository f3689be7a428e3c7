// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#if MBEDTLS_VERSION_MAJOR < 4
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#endif

#include <span>

namespace millpond::streamer {

/// How a device knows its receiver over TLS 1.2: by a certificate, or by a key that both have. Prepared
/// before the device streams.
///
/// mbedTLS takes its memory by its own hooks: bind them to pools first, see millpond/adapters/MbedTls.h.
class TlsSettings {
 public:
  using Bytes = std::span<const unsigned char>;

  TlsSettings();
  TlsSettings(const TlsSettings&) = delete;
  TlsSettings& operator=(const TlsSettings&) = delete;
  ~TlsSettings();

  /// Effect: the receiver must show a certificate for the host `name` that one of `certificates` signed, or
  /// that is one of them and signed itself. Requires: PEM that ends with a 0 byte, or DER; a `name` that
  /// outlives this object; neither `trust` nor `share` was called before. Returns: 0, or mbedTLS's error:
  /// that of bad input without a name, since any host's certificate would do then. Context: task.
  int trust(Bytes certificates, const char* name);
  /// Effect: the receiver must have `key` too, which it finds by `identity`. Requires: as `trust`; a key of
  /// up to MBEDTLS_PSK_MAX_LEN bytes, usually 32. Returns: 0, or mbedTLS's error. Context: task.
  int share(Bytes key, Bytes identity);

  /// Whether a certificate of `trust` is out of date. False if the platform has no calendar.
  bool hasExpired() const;

  const mbedtls_ssl_config& config() const { return config_; }
  /// The receiver's name; nullptr with a key.
  const char* name() const { return name_; }

 private:
  int prepare(const int* suites);
  int useRandom();

#if MBEDTLS_VERSION_MAJOR < 4  // it has its own since
  mbedtls_entropy_context entropy_;
  mbedtls_ctr_drbg_context random_;
#endif
  mbedtls_x509_crt trusted_;
  mbedtls_ssl_config config_;
  const char* name_ = nullptr;
};

}  // namespace millpond::streamer
