// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/HostPort.h"

#include <fmt/format.h>
#include <netdb.h>

#include <charconv>
#include <new>

#include "cli/show/Error.h"

namespace millpond::cli {

HostPort HostPort::parse(const std::string& text) {
  const auto malformed = [&text] {
    return Error(fmt::format("'{}' is not HOST:PORT, such as 127.0.0.1:9000 or [::1]:9000", text));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) throw malformed();
  std::string host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    throw malformed();
  }
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (host.empty() || host.find_first_of("[]") != std::string::npos || error != std::errc{} || rest != end)
    throw malformed();
  return {host, port};
}

std::string HostPort::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

streamer::Endpoints HostPort::resolve() const noexcept {
  try {
    return streamer::Endpoints::resolve(host.c_str(), std::to_string(port).c_str());
  } catch (const std::bad_alloc&) {
    return streamer::Endpoints::none(EAI_MEMORY);
  }
}

}  // namespace millpond::cli
