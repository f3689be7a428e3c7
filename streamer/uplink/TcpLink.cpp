// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/TcpLink.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace millpond::streamer {

namespace {

bool mustWait(int error) { return error == EAGAIN || error == EINTR; }

}  // namespace

bool TcpLink::connect(const Endpoint& endpoint, Milliseconds timeout) {
  socket_ = ::socket(endpoint.address.ss_family, SOCK_STREAM, 0);
  if (socket_ < 0) return fail(errno);
  if (socket_ >= FD_SETSIZE) return fail(EMFILE);  // select takes none beyond
  const int flags = ::fcntl(socket_, F_GETFL, 0);
  if (flags < 0 || ::fcntl(socket_, F_SETFL, flags | O_NONBLOCK) < 0) return fail(errno);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  if (::connect(socket_, address, endpoint.length) == 0) return true;
  if (errno != EINPROGRESS) return fail(errno);
  if (!waitUntil(Wanted::writable, Deadline::in(timeout))) return false;
  int result = 0;
  socklen_t length = sizeof(result);
  if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &result, &length) < 0) return fail(errno);
  return result == 0 || fail(result);
}

std::size_t TcpLink::send(std::span<const std::byte> bytes, Milliseconds timeout) {
  const Deadline deadline = Deadline::in(timeout);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count >= 0) {
      sent += static_cast<std::size_t>(count);
    } else if (!mustWait(errno)) {
      fail(errno);
      break;
    } else if (!waitUntil(Wanted::writable, deadline)) {
      break;
    }
  }
  return sent;
}

bool TcpLink::receive(std::span<std::byte> bytes, Milliseconds timeout) {
  const Deadline deadline = Deadline::in(timeout);
  while (!bytes.empty()) {
    const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (count == 0) {
      return fail(0);
    } else if (!mustWait(errno)) {
      return fail(errno);
    } else if (!waitUntil(Wanted::readable, deadline)) {
      return false;
    }
  }
  return true;
}

void TcpLink::finish(Milliseconds timeout) {
  if (!connected()) return;
  ::shutdown(socket_, SHUT_WR);
  const Deadline deadline = Deadline::in(timeout);
  std::array<std::byte, 64> ignored{};
  while (waitUntil(Wanted::readable, deadline)) {
    const ssize_t count = ::recv(socket_, ignored.data(), ignored.size(), 0);
    if (count == 0 || (count < 0 && !mustWait(errno))) break;
  }
  close();
}

void TcpLink::close() {
  if (connected()) ::close(socket_);
  socket_ = -1;
}

bool TcpLink::waitUntil(Wanted wanted, const Deadline& deadline) {
  while (!stop_.raised()) {
    const Deadline::Duration left = deadline.left();
    if (left.count() == 0) return fail(ETIMEDOUT);
    timeval patience{};
    patience.tv_usec = static_cast<decltype(patience.tv_usec)>(
        std::min<Deadline::Duration>(left, StopFlag::check_interval).count());
    fd_set sockets;
    FD_ZERO(&sockets);
    FD_SET(socket_, &sockets);
    const int ready = ::select(socket_ + 1, wanted == Wanted::readable ? &sockets : nullptr,
                               wanted == Wanted::writable ? &sockets : nullptr, nullptr, &patience);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return fail(errno);
  }
  return fail(ECANCELED);
}

bool TcpLink::fail(int error) {
  error_ = error;
  close();
  return false;
}

}  // namespace millpond::streamer
