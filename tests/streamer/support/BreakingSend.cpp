// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/streamer/support/BreakingSend.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>

namespace {

constexpr long never = -1;
std::atomic<long> bytes_left{never};
std::atomic<int> failure{0};

}  // namespace

void millpond::test::breakAfter(std::size_t bytes, int error) {
  failure = error;
  bytes_left = static_cast<long>(bytes);
}

void millpond::test::breakNever() { bytes_left = never; }

// Takes the place of the C library's.
extern "C" ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  const long left = bytes_left;
  if (left == never) return sendto(socket, bytes, size, flags, nullptr, 0);
  if (left == 0) {
    if (failure != EAGAIN) bytes_left = never;
    errno = failure;
    return -1;
  }
  const ssize_t taken = sendto(socket, bytes, std::min(size, static_cast<size_t>(left)), flags, nullptr, 0);
  if (taken > 0) bytes_left = left - taken;
  return taken;
}
