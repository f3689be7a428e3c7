// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/tls/TlsServer.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <asio/ssl/error.hpp>
#include <cstring>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

// Where a context keeps its key.
int keyIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

unsigned findKey(SSL* ssl, const char* identity, unsigned char* out, unsigned size) {
  const auto* const key =
      static_cast<const PreSharedKey*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), keyIndex()));
  if (key == nullptr || key->identity != identity || key->bytes.size() > size) return 0;
  std::ranges::copy(key->bytes, out);
  return static_cast<unsigned>(key->bytes.size());
}

std::string reasonOf(unsigned long error) {
  const char* const text = ERR_reason_error_string(error);
  return text != nullptr ? text : fmt::format("error {:#x}", error);
}

// Takes what OpenSSL remembers of its last error.
unsigned long takeError() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return error;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what) {
  const unsigned long error = takeError();
  const bool usable = ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) != ERR_R_PEM_LIB;
  throw Error(fmt::format("'{}' has no {} in PEM{}", path.string(), what,
                          usable ? " that can be used: " + reasonOf(error) : ""));
}

}  // namespace

TlsServer::TlsServer(const ReceiverCredentials& credentials) {
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  // An encrypted key is refused instead of asked for on the terminal.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return -1; });
  ERR_clear_error();
  std::visit([this](const auto& given) { use(given); }, credentials);
}

void TlsServer::use(const OwnCertificate& own) {
  SSL_CTX* const context = context_.native_handle();
  readCredential(own.certificates);  // says why it cannot be read
  if (SSL_CTX_use_certificate_chain_file(context, own.certificates.c_str()) != 1) {
    refuse(own.certificates, "certificate");
  }
  readCredential(own.key);
  if (SSL_CTX_use_PrivateKey_file(context, own.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const unsigned long error = ERR_peek_last_error();
    if (ERR_GET_LIB(error) == ERR_LIB_X509) {
      takeError();
      throw Error(fmt::format("the key in '{}' is not the key of the certificate in '{}'", own.key.string(),
                              own.certificates.string()));
    }
    refuse(own.key, "unencrypted private key");
  }
  const X509* const certificate = SSL_CTX_get0_certificate(context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    warning_ =
        fmt::format("the certificate in '{}' has expired: devices refuse it", own.certificates.string());
  } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    warning_ =
        fmt::format("the certificate in '{}' is not valid yet: devices refuse it", own.certificates.string());
  }
}

void TlsServer::use(const PreSharedKey& key) {
  key_ = key;
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE-PSK-CHACHA20-POLY1305:ECDHE-PSK-AES128-CBC-SHA256");
  SSL_CTX_set_ex_data(context, keyIndex(), &*key_);
  SSL_CTX_set_psk_server_callback(context, &findKey);
}

std::string TlsServer::faultOf(const asio::error_code& error) const {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
      error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    return "it closed the connection before the end of the TLS handshake";
  }
  if (error.category() != asio::error::get_ssl_category()) return error.message();
  const auto code = static_cast<unsigned long>(error.value());
  switch (ERR_GET_REASON(code)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_RECORD_LENGTH_MISMATCH:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_LENGTH_TOO_SHORT:
    case SSL_R_LENGTH_MISMATCH:
      return "it does not speak TLS; a device needs --tls to stream here";
    case SSL_R_NO_SHARED_CIPHER:
      return fmt::format("no cipher suite in common; this receiver has a {}",
                         key_ ? "pre-shared key" : "certificate");
    case SSL_R_PSK_IDENTITY_NOT_FOUND:
      return "the identity of its pre-shared key is another one";
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
    case SSL_R_DIGEST_CHECK_FAILED:
      if (key_) return "its pre-shared key is another one";
      break;
    default:
      break;
  }
  const bool alert = ERR_GET_REASON(code) >= SSL_AD_REASON_OFFSET;
  return (alert ? "the device ended the TLS handshake: " : "the TLS handshake failed: ") + reasonOf(code);
}

}  // namespace millpond::cli
