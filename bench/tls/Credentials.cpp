// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/tls/Credentials.h"

#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>
#include <mbedtls/error.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace millpond::tls {

void require(int result, const char* call) {
  if (result == 0) return;
  std::array<char, 200> text{};
  mbedtls_strerror(result, text.data(), text.size());
  std::fprintf(stderr, "%s: %s\n", call, text.data());
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

// splitmix64.
int Randomness::fill(void* self, unsigned char* out, std::size_t size) {
  auto& state = static_cast<Randomness*>(self)->state;
  for (std::size_t at = 0; at < size; at += 8) {
    std::uint64_t word = state += 0x9E3779B97F4A7C15U;
    word = (word ^ word >> 30U) * 0xBF58476D1CE4E5B9U;
    word = (word ^ word >> 27U) * 0x94D049BB133111EBU;
    word ^= word >> 31U;
    std::memcpy(out + at, &word, size - at < 8 ? size - at : 8);
  }
  return 0;
}

Identity::Identity() {
  mbedtls_pk_init(&key);
  mbedtls_x509_crt_init(&certificate);
}

Identity::~Identity() {
  mbedtls_x509_crt_free(&certificate);
  mbedtls_pk_free(&key);
}

Credentials::Credentials(std::uint64_t seed) : randomness_{seed} {
  for (Identity* identity :
       {&authority_, &stranger_, &servers_[0], &servers_[1], &servers_[2], &servers_[3]}) {
    require(mbedtls_pk_setup(&identity->key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)), "pk_setup");
    require(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(identity->key), Randomness::fill,
                                &randomness_),
            "ecp_gen_key");
  }
  authority_der_ = issue(authority_, "CN=authority", authority_, "CN=authority", false);
  issue(stranger_, "CN=stranger", stranger_, "CN=stranger", false);
  const std::string name = std::string("CN=") + server_name;
  issue(server(Fault::none), name.c_str(), authority_, "CN=authority", false);
  issue(server(Fault::unknown_authority), name.c_str(), stranger_, "CN=stranger", false);
  issue(server(Fault::expired), name.c_str(), authority_, "CN=authority", true);
  issue(server(Fault::other_name), "CN=cellar.millpond", authority_, "CN=authority", false);
}

// Effect: makes the certificate of `subject`. Returns: it, in DER.
std::string Credentials::issue(Identity& subject, const char* name, Identity& issuer, const char* issuer_name,
                               bool expired) {
  mbedtls_x509write_cert writing;
  mbedtls_x509write_crt_init(&writing);
  mbedtls_mpi serial;
  mbedtls_mpi_init(&serial);
  require(mbedtls_mpi_lset(&serial, 7), "mpi_lset");
  mbedtls_x509write_crt_set_version(&writing, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&writing, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&writing, &subject.key);
  mbedtls_x509write_crt_set_issuer_key(&writing, &issuer.key);
  require(mbedtls_x509write_crt_set_serial(&writing, &serial), "set_serial");
  require(mbedtls_x509write_crt_set_subject_name(&writing, name), "set_subject_name");
  require(mbedtls_x509write_crt_set_issuer_name(&writing, issuer_name), "set_issuer_name");
  require(mbedtls_x509write_crt_set_validity(&writing, "20200101000000",
                                             expired ? "20200102000000" : "20991231235959"),
          "set_validity");
  require(mbedtls_x509write_crt_set_basic_constraints(&writing, &subject == &issuer ? 1 : 0, -1),
          "set_basic_constraints");
  std::array<unsigned char, 1024> buffer{};
  // Written at the end of the buffer.
  const int size =
      mbedtls_x509write_crt_der(&writing, buffer.data(), buffer.size(), Randomness::fill, &randomness_);
  require(size > 0 ? 0 : size, "x509write_crt_der");
  const unsigned char* const der = buffer.data() + buffer.size() - size;
  require(mbedtls_x509_crt_parse_der(&subject.certificate, der, static_cast<std::size_t>(size)),
          "x509_crt_parse_der");
  mbedtls_mpi_free(&serial);
  mbedtls_x509write_crt_free(&writing);
  return {reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
}

}  // namespace millpond::tls
