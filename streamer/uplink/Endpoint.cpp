// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Endpoint.h"

#include <netdb.h>

#include <cstring>
#include <memory>

namespace millpond::streamer {

Endpoints Endpoints::resolve(const char* host, const char* port) {
  Endpoints endpoints;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  endpoints.error = getaddrinfo(host, port, &hints, &list);
  if (endpoints.error != 0) return endpoints;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(list, &freeaddrinfo);
  for (const addrinfo* next = list; next != nullptr; next = next->ai_next) {
    Endpoint& endpoint = endpoints.list.emplace_back();
    std::memcpy(&endpoint.address, next->ai_addr, next->ai_addrlen);
    endpoint.length = next->ai_addrlen;
  }
  return endpoints;
}

}  // namespace millpond::streamer
