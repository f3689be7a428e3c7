// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The library with the streamer's workload: its pools, and behind them the C library's malloc in what they
// leave of 200 KB.
#include "millpond/MemoryManager.h"
#include "soak/Comparison.h"

namespace {

millpond::StaticMemoryManager<millpond::MemoryConfig{.guards = millpond::Guards::none}> memory;

using Allocate = void* (millpond::MemoryManager::*)(std::size_t, const char*);
constexpr Allocate allocate[] = {&millpond::MemoryManager::allocateAudioBuffer,
                                 &millpond::MemoryManager::allocateNetworkBuffer,
                                 &millpond::MemoryManager::allocateGeneralBuffer};

}  // namespace

int board::firmwareMain() {
  return soak::compare(
      "millpond",
      [](const soak::Request& request) {
        return measure::of(allocate[static_cast<std::size_t>(request.kind)], memory, request.size,
                           "workload");
      },
      [](void* block) { return measure::of(&millpond::MemoryManager::deallocate, memory, block); });
}
