// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <optional>
#include <utility>

#include "cli/tls/TlsServer.h"

namespace millpond::cli {

/// A connection over TCP, plain or with TLS, as Asio's reads and writes take it.
class Connection {
 public:
  using executor_type = asio::ip::tcp::socket::executor_type;

  /// Plain without `tls`.
  Connection(asio::ip::tcp::socket socket, TlsServer* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_.emplace(socket_, tls->context());
  }

  asio::ip::tcp::socket& socket() { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }

  /// Requires: it was made with TLS.
  template <class Handler>
  void asyncHandshake(Handler&& handler) {
    tls_->async_handshake(asio::ssl::stream_base::server, std::forward<Handler>(handler));
  }

  // By the names that Asio gives them.
  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->async_read_some(buffers, std::forward<Handler>(handler));
    } else {
      socket_.async_read_some(buffers, std::forward<Handler>(handler));
    }
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->async_write_some(buffers, std::forward<Handler>(handler));
    } else {
      socket_.async_write_some(buffers, std::forward<Handler>(handler));
    }
  }

 private:
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
};

}  // namespace millpond::cli
