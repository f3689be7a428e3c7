// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Endpoint.h"

#include <cstring>
#include <memory>

namespace millpond::streamer {

Endpoints Endpoints::resolve(const char* host, const char* port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host, port, &hints, &list);
  if (error != 0) return none(error);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(list, [](addrinfo* all) { freeaddrinfo(all); });
  Endpoints endpoints;
  for (const addrinfo* next = list; next != nullptr; next = next->ai_next) {
    Endpoint endpoint;
    std::memcpy(&endpoint.address, next->ai_addr, next->ai_addrlen);
    endpoint.length = next->ai_addrlen;
    if (!endpoints.add(endpoint)) break;
  }
  return endpoints;
}

}  // namespace millpond::streamer
