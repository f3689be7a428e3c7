// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The C library's malloc with the streamer's workload in 200 KB: the comparison.
#include "soak/Comparison.h"

int board::firmwareMain() {
  const auto address = [](auto* function) { return reinterpret_cast<std::uintptr_t>(function); };
  return soak::compare(
      "libc",
      [&](const soak::Request& request) {
        return measure::ofAddress(address(&__builtin_malloc), request.size, 0, 0);
      },
      [&](void* block) {
        return measure::ofAddress(address(&__builtin_free), reinterpret_cast<std::uintptr_t>(block), 0, 0);
      });
}
