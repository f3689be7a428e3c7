// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/tls/TlsSettings.h"

#include <cstdint>
#if MBEDTLS_VERSION_MAJOR >= 4
#include <psa/crypto.h>
#endif

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

#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH)
// A peer may send longer records than the device's memory is configured for, unless it is asked not to.
#if MBEDTLS_SSL_IN_CONTENT_LEN >= 16384
constexpr unsigned char longest_record = MBEDTLS_SSL_MAX_FRAG_LEN_NONE;
#elif MBEDTLS_SSL_IN_CONTENT_LEN >= 4096
constexpr unsigned char longest_record = MBEDTLS_SSL_MAX_FRAG_LEN_4096;
#elif MBEDTLS_SSL_IN_CONTENT_LEN >= 2048
constexpr unsigned char longest_record = MBEDTLS_SSL_MAX_FRAG_LEN_2048;
#else
constexpr unsigned char longest_record = MBEDTLS_SSL_MAX_FRAG_LEN_1024;
#endif
#endif

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
#if MBEDTLS_VERSION_MAJOR < 4
  mbedtls_entropy_init(&entropy_);
  mbedtls_ctr_drbg_init(&random_);
#endif
  mbedtls_x509_crt_init(&trusted_);
  mbedtls_ssl_config_init(&config_);
}

TlsSettings::~TlsSettings() {
  mbedtls_ssl_config_free(&config_);
  mbedtls_x509_crt_free(&trusted_);
#if MBEDTLS_VERSION_MAJOR < 4
  mbedtls_ctr_drbg_free(&random_);
  mbedtls_entropy_free(&entropy_);
#endif
}

int TlsSettings::useRandom() {
#if MBEDTLS_VERSION_MAJOR < 4
  mbedtls_ssl_conf_rng(&config_, mbedtls_ctr_drbg_random, &random_);
  return mbedtls_ctr_drbg_seed(&random_, mbedtls_entropy_func, &entropy_, nullptr, 0);
#else
  return psa_crypto_init();  // the program's, which others may use: nobody ends it
#endif
}

int TlsSettings::prepare(const int* suites) {
  if (const int error = useRandom()) return error;
  if (const int error = mbedtls_ssl_config_defaults(
          &config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT)) {
    return error;
  }
  limitProtocol(config_);
  mbedtls_ssl_conf_ciphersuites(&config_, suites);
#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH)
  if (const int error = mbedtls_ssl_conf_max_frag_len(&config_, longest_record)) return error;
#endif
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
  return 0;
}

int TlsSettings::trust(Bytes certificates, const char* name) {
  if (name == nullptr || *name == '\0') return MBEDTLS_ERR_SSL_BAD_INPUT_DATA;
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
