// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "streamer/uplink/Sockets.h"

namespace millpond::streamer {

/// A socket address and its length.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Where a receiver may be. A name can have several addresses, and some may not answer.
class Endpoints {
 public:
  static constexpr std::size_t capacity = 16;

  /// Returns: no address, for the reason `error`, a code of getaddrinfo.
  static Endpoints none(int error) {
    Endpoints endpoints;
    endpoints.error_ = error;
    return endpoints;
  }

  /// Returns: the addresses of `host` at `port`, a decimal number, in the system's order; the first
  /// `capacity` of them. May take half a minute if the name servers do not answer, and allocates where the
  /// platform's getaddrinfo does. Context: task.
  static Endpoints resolve(const char* host, const char* port);

  std::span<const Endpoint> list() const { return std::span(list_).first(size_); }
  /// If the list is empty: why, as a code of getaddrinfo.
  int error() const { return error_; }

  /// Returns: whether there was room.
  bool add(const Endpoint& endpoint) {
    if (size_ == capacity) return false;
    list_[size_++] = endpoint;
    return true;
  }

 private:
  std::array<Endpoint, capacity> list_{};
  std::size_t size_ = 0;
  int error_ = 0;
};

}  // namespace millpond::streamer
