// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/error_code.hpp>
#include <asio/ssl/context.hpp>
#include <optional>
#include <string>

#include "cli/tls/Credentials.h"

namespace millpond::cli {

/// A receiver's side of TLS, 1.2 or later, by OpenSSL.
class TlsServer {
 public:
  /// Throws `Error` if the credentials cannot be used.
  explicit TlsServer(const ReceiverCredentials& credentials);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() = default;

  asio::ssl::context& context() { return context_; }
  /// Whether devices prove that they have the key too; with a certificate any device may send.
  bool knowsDevices() const { return key_.has_value(); }
  /// What is wrong with the receiver's own certificate; empty if nothing is.
  const std::string& warning() const { return warning_; }

  /// Returns: why a handshake ended with `error`.
  std::string faultOf(const asio::error_code& error) const;

 private:
  void use(const OwnCertificate& own);
  void use(const PreSharedKey& key);

  asio::ssl::context context_{asio::ssl::context::tls_server};
  std::optional<PreSharedKey> key_;
  std::string warning_;
};

}  // namespace millpond::cli
