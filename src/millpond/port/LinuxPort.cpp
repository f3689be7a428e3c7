// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/port/LinuxPort.h"

#include <cstdlib>
#include <ctime>

namespace millpond::port {

std::uint32_t LinuxPort::systemTicks() {
  std::timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  const auto microseconds =
      static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U + static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
  // From 1, because 0 stands for "not driven".
  return static_cast<std::uint32_t>(microseconds >> 16U) + 1U;
}

void* LinuxPort::heapAllocate(std::size_t bytes) { return std::malloc(bytes); }

void LinuxPort::heapRelease(void* memory) { std::free(memory); }

}  // namespace millpond::port
