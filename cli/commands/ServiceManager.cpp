// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/ServiceManager.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return value == nullptr ? "" : value;
}

/// Returns: the number that the variable is; 0 if it is none.
std::int64_t environmentNumber(const char* name) {
  const std::string text = environment(name);
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && rest == text.data() + text.size() && number > 0 ? number : 0;
}

}  // namespace

ServiceManager::ServiceManager(asio::io_context& context)
    : socket_(environment("NOTIFY_SOCKET")), timer_(context) {
  const std::int64_t watched = environmentNumber("WATCHDOG_PID");
  if (watched == 0 || watched == ::getpid())
    period_ = std::chrono::microseconds(environmentNumber("WATCHDOG_USEC") / 2);
}

void ServiceManager::ready(const std::string& status) {
  if (socket_.empty()) return;
  if (!tell("READY=1\nSTATUS=" + status)) {
    throw Error(fmt::format("cannot notify the service manager at NOTIFY_SOCKET, '{}': {}", socket_,
                            std::generic_category().message(errno)));
  }
  if (period_.count() > 0) stayAlive();
}

void ServiceManager::stayAlive() {
  timer_.expires_after(period_);
  timer_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    tell("WATCHDOG=1");
    stayAlive();
  });
}

void ServiceManager::stopping() noexcept {
  asio::error_code ignored;
  timer_.cancel(ignored);
  period_ = {};
  if (!socket_.empty()) tell("STOPPING=1");
}

// A name that begins with @ is one of Linux's abstract sockets, for which a zero stands in its place.
bool ServiceManager::tell(std::string_view state) const noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return false;
  }
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const ssize_t sent = ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&address), length);
  const int error = errno;
  ::close(fd);
  errno = error;
  return sent == static_cast<ssize_t>(state.size());
}

}  // namespace millpond::cli
