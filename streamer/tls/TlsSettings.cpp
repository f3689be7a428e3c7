// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/tls/TlsSettings.h"

#include <mbedtls/version.h>

#include <cstdint>

namespace millpond::streamer {

namespace {

// Each has forward secrecy: a key that leaks later does not open what was sent before. mbedTLS keeps pointers
// to these lists.
constexpr int certificate_suites[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                      MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                      MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                                      MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, 0};
constexpr int key_suites[] = {MBEDTLS_TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
                              MBEDTLS_TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256, 0};

// TLS 1.2 and nothing else, so that the pools have one protocol to be sized for; and curves up to P-384.
void limitProtocol(mbedtls_ssl_config& config) {
#if MBEDTLS_VERSION_MAJOR < 3
  static constexpr mbedtls_ecp_group_id curves[] = {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1,
                                                    MBEDTLS_ECP_DP_NONE};
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_max_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_curves(&config, curves);
#else
  static constexpr std::uint16_t groups[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
                                             MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1, 0};
  mbedtls_ssl_conf_min_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_max_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_groups(&config, groups);
#endif
}

}  // namespace

TlsSettings::TlsSettings() {
  mbedtls_entropy_init(&entropy_);
  mbedtls_ctr_drbg_init(&random_);
  mbedtls_x509_crt_init(&trusted_);
  mbedtls_ssl_config_init(&config_);
}

TlsSettings::~TlsSettings() {
  mbedtls_ssl_config_free(&config_);
  mbedtls_x509_crt_free(&trusted_);
  mbedtls_ctr_drbg_free(&random_);
  mbedtls_entropy_free(&entropy_);
}

int TlsSettings::prepare(const int* suites) {
  if (const int error = mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, nullptr, 0))
    return error;
  if (const int error = mbedtls_ssl_config_defaults(
          &config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT)) {
    return error;
  }
  limitProtocol(config_);
  mbedtls_ssl_conf_ciphersuites(&config_, suites);
  mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_);
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
  return 0;
}

int TlsSettings::trust(Bytes certificates, const char* name) {
  if (const int error = prepare(certificate_suites)) return error;
  const int result = mbedtls_x509_crt_parse(&trusted_, certificates.data(), certificates.size());
  if (result != 0) return result < 0 ? result : MBEDTLS_ERR_X509_INVALID_FORMAT;  // one of several
  mbedtls_ssl_conf_ca_chain(&config_, &trusted_, nullptr);
  mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
  name_ = name;
  return 0;
}

int TlsSettings::share(Bytes key, Bytes identity) {
  if (const int error = prepare(key_suites)) return error;
  return mbedtls_ssl_conf_psk(&config_, key.data(), key.size(), identity.data(), identity.size());
}

bool TlsSettings::hasExpired() const {
  for (const mbedtls_x509_crt* certificate = &trusted_;
       certificate != nullptr && certificate->raw.p != nullptr; certificate = certificate->next) {
    if (mbedtls_x509_time_is_past(&certificate->valid_to) != 0) return true;
  }
  return false;
}

}  // namespace millpond::streamer
