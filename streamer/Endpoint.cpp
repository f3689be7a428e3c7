// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Endpoint.h"

#include <netdb.h>

#include <cstring>

namespace millpond::streamer {

Endpoints Endpoints::resolve(const char* host, const char* port) {
  Endpoints endpoints;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host, port, &hints, &found) != 0) return endpoints;
  for (const addrinfo* next = found; next != nullptr && endpoints.count < most; next = next->ai_next) {
    Endpoint& endpoint = endpoints.list[endpoints.count++];
    std::memcpy(&endpoint.address, next->ai_addr, next->ai_addrlen);
    endpoint.length = next->ai_addrlen;
  }
  freeaddrinfo(found);
  return endpoints;
}

}  // namespace millpond::streamer
