// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>

namespace millpond::tls {

/// A connection whose two ends one thread serves by turns. The calls are mbedTLS's: bytes, or a negative
/// error.
class Wire {
 public:
  enum End { device, server };

  virtual ~Wire() = default;
  /// Returns: false if the server is away.
  virtual bool connect(bool server_is_there) = 0;
  virtual int send(End from, const unsigned char* bytes, std::size_t size) = 0;
  virtual int receive(End to, unsigned char* bytes, std::size_t size) = 0;
  virtual void close(End end) = 0;
};

/// Two queues in memory: nothing of it depends on time.
class MemoryWire : public Wire {
 public:
  bool connect(bool server_is_there) override;
  int send(End from, const unsigned char* bytes, std::size_t size) override;
  int receive(End to, unsigned char* bytes, std::size_t size) override;
  void close(End end) override { closed_[end] = true; }

 private:
  struct Queue {
    std::array<unsigned char, 32768> bytes;
    std::size_t first = 0;
    std::size_t end = 0;
  };
  std::array<Queue, 2> to_;
  std::array<bool, 2> closed_{};
};

/// A TCP connection on the loopback interface.
class SocketWire : public Wire {
 public:
  SocketWire();
  ~SocketWire() override;
  SocketWire(const SocketWire&) = delete;
  SocketWire& operator=(const SocketWire&) = delete;

  bool connect(bool server_is_there) override;
  int send(End from, const unsigned char* bytes, std::size_t size) override;
  int receive(End to, unsigned char* bytes, std::size_t size) override;
  void close(End end) override;

 private:
  int listener_ = -1;
  unsigned short port_ = 0;
  unsigned short vacant_port_ = 0;
  std::array<int, 2> sockets_{-1, -1};
};

}  // namespace millpond::tls
