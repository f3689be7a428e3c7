// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/cli/support/Certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace millpond::test {

namespace {

template <auto free>
struct Free {
  template <class Object>
  void operator()(Object* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<&X509_free>>;
using File = std::unique_ptr<std::FILE, Free<&std::fclose>>;

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(what);
}

Key makeKey() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "no key");
  return key;
}

struct Holder {
  const char* common_name;
  EVP_PKEY* key;
};

struct Validity {
  const char* from = "20200101000000Z";
  const char* to = "20991231235959Z";
};

Certificate issue(const Holder& subject, const Holder& issuer, const Validity& validity, bool authority) {
  Certificate certificate(X509_new());
  X509* const made = certificate.get();
  const auto name = [](X509_NAME* to, const char* text) {
    X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1, -1,
                               0);
  };
  const auto extend = [made](int extension, const std::string& text) {
    const std::unique_ptr<X509_EXTENSION, Free<&X509_EXTENSION_free>> added(
        X509V3_EXT_conf_nid(nullptr, nullptr, extension, text.c_str()));
    require(X509_add_ext(made, added.get(), -1) == 1, "no extension");
  };
  X509_set_version(made, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(made), validity.from);
  ASN1_TIME_set_string_X509(X509_getm_notAfter(made), validity.to);
  name(X509_get_subject_name(made), subject.common_name);
  name(X509_get_issuer_name(made), issuer.common_name);
  X509_set_pubkey(made, subject.key);
  if (authority) {
    extend(NID_basic_constraints, "critical,CA:TRUE");
  } else {
    extend(NID_subject_alt_name, "DNS:" + std::string(subject.common_name));
  }
  require(X509_sign(made, issuer.key, EVP_sha256()) > 0, "not signed");
  return certificate;
}

void write(const std::filesystem::path& path, X509* certificate) {
  const File file(std::fopen(path.c_str(), "w"));
  require(file != nullptr && PEM_write_X509(file.get(), certificate) == 1, "not written");
}

void write(const std::filesystem::path& path, EVP_PKEY* key) {
  const File file(std::fopen(path.c_str(), "w"));
  require(
      file != nullptr && PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "not written");
}

EVP_PKEY* authorityKey() {
  static const Key key = makeKey();
  return key.get();
}

}  // namespace

Certificates::Certificates(std::filesystem::path folder) : folder_(std::move(folder)) {
  const Holder self{"authority", authorityKey()};
  write(authority(), issue(self, self, {}, true).get());
}

cli::OwnCertificate Certificates::make(Kind kind) const {
  const Key key = kind == Kind::rsa ? Key(EVP_RSA_gen(2048)) : makeKey();
  const Holder subject{kind == Kind::other_name ? "cellar.millpond" : receiver_name, key.get()};
  Holder issuer{"authority", authorityKey()};
  if (kind == Kind::unknown_authority) issuer = {"stranger", key.get()};
  if (kind == Kind::self_signed) issuer = subject;
  Validity validity;
  if (kind == Kind::expired) validity.to = "20200102000000Z";
  if (kind == Kind::early) validity.from = "20990101000000Z";
  const std::string name = "receiver-" + std::to_string(static_cast<int>(kind));
  cli::OwnCertificate files{folder_ / (name + ".pem"), folder_ / (name + ".key")};
  write(files.certificates, issue(subject, issuer, validity, false).get());
  write(files.key, key.get());
  return files;
}

}  // namespace millpond::test
