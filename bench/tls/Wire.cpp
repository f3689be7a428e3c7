// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/tls/Wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace millpond::tls {

bool MemoryWire::connect(bool server_is_there) {
  to_[device] = to_[server] = {};
  closed_ = {};
  return server_is_there;
}

int MemoryWire::send(End from, const unsigned char* bytes, std::size_t size) {
  const End to = from == device ? server : device;
  if (closed_[to]) return MBEDTLS_ERR_NET_CONN_RESET;
  Queue& queue = to_[to];
  const std::size_t sent = std::min(size, queue.bytes.size() - queue.end);
  if (sent == 0) return MBEDTLS_ERR_SSL_WANT_WRITE;
  std::copy_n(bytes, sent, queue.bytes.begin() + static_cast<std::ptrdiff_t>(queue.end));
  queue.end += sent;
  return static_cast<int>(sent);
}

int MemoryWire::receive(End to, unsigned char* bytes, std::size_t size) {
  Queue& queue = to_[to];
  const std::size_t received = std::min(size, queue.end - queue.first);
  if (received == 0) return closed_[to == device ? server : device] ? 0 : MBEDTLS_ERR_SSL_WANT_READ;
  std::copy_n(queue.bytes.begin() + static_cast<std::ptrdiff_t>(queue.first), received, bytes);
  queue.first += received;
  if (queue.first == queue.end) queue.first = queue.end = 0;
  return static_cast<int>(received);
}

namespace {

void insist(bool condition, const char* call) {
  if (condition) return;
  std::perror(call);
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
}

sockaddr_in loopback(unsigned short port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = port;
  return address;
}

// Returns: a socket bound to a port of the system's choice.
int boundSocket(unsigned short& port) {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  insist(made >= 0 && bind(made, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
             getsockname(made, reinterpret_cast<sockaddr*>(&address), &size) == 0,
         "bind");
  port = address.sin_port;
  return made;
}

void prepare(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  insist(fcntl(socket, F_SETFL, O_NONBLOCK) == 0, "fcntl");
}

}  // namespace

SocketWire::SocketWire() {
  listener_ = boundSocket(port_);
  insist(listen(listener_, 4) == 0, "listen");
  ::close(boundSocket(vacant_port_));  // nobody listens there
}

SocketWire::~SocketWire() {
  close(device);
  close(server);
  ::close(listener_);
}

bool SocketWire::connect(bool server_is_there) {
  close(device);
  close(server);
  sockets_[device] = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(server_is_there ? port_ : vacant_port_);
  if (::connect(sockets_[device], reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    insist(!server_is_there && errno == ECONNREFUSED, "connect");
    return false;
  }
  sockets_[server] = accept(listener_, nullptr, nullptr);
  insist(sockets_[server] >= 0, "accept");
  prepare(sockets_[device]);
  prepare(sockets_[server]);
  return true;
}

int SocketWire::send(End from, const unsigned char* bytes, std::size_t size) {
  const ssize_t sent = ::send(sockets_[from], bytes, size, MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  return errno == EAGAIN ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_NET_CONN_RESET;
}

int SocketWire::receive(End to, unsigned char* bytes, std::size_t size) {
  const ssize_t received = recv(sockets_[to], bytes, size, 0);
  if (received >= 0) return static_cast<int>(received);
  return errno == EAGAIN ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_NET_CONN_RESET;
}

// With a reset, so that the port is free at once: there are more connections than ports.
void SocketWire::close(End end) {
  if (sockets_[end] < 0) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(sockets_[end], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(sockets_[end]);
  sockets_[end] = -1;
}

}  // namespace millpond::tls
