// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "support/BreakingSend.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

namespace {

constexpr long never = -1;
std::atomic<long> bytes_left{never};

}  // namespace

void millpond::test::breakAfter(std::size_t bytes) { bytes_left = static_cast<long>(bytes); }

// Takes the place of the C library's.
extern "C" ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  const long left = bytes_left;
  if (left == never) return sendto(socket, bytes, size, flags, nullptr, 0);
  if (left == 0) {
    bytes_left = never;
    errno = ECONNRESET;
    return -1;
  }
  const ssize_t taken = sendto(socket, bytes, std::min(size, static_cast<size_t>(left)), flags, nullptr, 0);
  if (taken > 0) bytes_left = left - taken;
  return taken;
}
