// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <cstdint>
#include <string>

namespace millpond::tls {

/// Random bytes of a seed, in the form that mbedTLS asks for: the same handshakes in every run.
struct Randomness {
  std::uint64_t state;
  static int fill(void* self, unsigned char* out, std::size_t size);
};

/// A P-256 key and its certificate.
struct Identity {
  Identity();
  ~Identity();
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  mbedtls_pk_context key;
  mbedtls_x509_crt certificate;
};

/// What is wrong with a server's certificate.
enum class Fault { none, unknown_authority, expired, other_name };

/// The certificates of a test: an authority, and a server for each fault. The same in every run with the same
/// seed.
class Credentials {
 public:
  static constexpr const char* server_name = "kitchen.millpond";

  explicit Credentials(std::uint64_t seed);

  Identity& server(Fault fault) { return servers_[static_cast<int>(fault)]; }
  /// The authority's certificate, for a client.
  const std::string& authority() const { return authority_der_; }

 private:
  std::string issue(Identity& subject, const char* name, Identity& issuer, const char* issuer_name,
                    bool expired);

  Randomness randomness_;
  Identity authority_;
  Identity stranger_;
  Identity servers_[4];
  std::string authority_der_;
};

/// Requires: success. Ends the program with the call's name and mbedTLS's error if it was none.
void require(int result, const char* call);

}  // namespace millpond::tls
