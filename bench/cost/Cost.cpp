// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// 100 000 pairs of alloc and free of an audio block, for a tool that counts instructions.
// Usage: cost plain|none|light|fenced SIZE     the pool path alone, or everything with that tier of guards
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "PlainManager.h"
#include "millpond.h"

namespace {

using namespace millpond;

constexpr int pairs = 100'000;

// The one function that is counted.
template <class Manager>
[[gnu::noinline]] void countedPairs(Manager& manager, std::size_t size) {
  for (int pair = 0; pair < pairs; ++pair) {
    void* block = manager.allocateAudioBuffer(size, "cost");
    manager.deallocate(block);
  }
}

template <Guards guards>
void everything(std::size_t size) {
  static StaticMemoryManager<MemoryConfig{.guards = guards}> memory;
  static EventBus bus(memory, {.capacity = EventBus::max_capacity});
  static Pressure pressure(memory, &bus);
  countedPairs(memory, size);
}

void plain(std::size_t size) {
  static MemoryStorage<MemoryConfig{}> storage;
  static bench::PlainManager manager(
      {storage.pools, storage.memory, storage.state, storage.entries, storage.records, nullptr});
  countedPairs(manager, size);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view variant = argc == 3 ? argv[1] : "";
  const std::size_t size = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
  Port::driveTicks(1);  // as a device's tick interrupt does
  if (variant == "plain") {
    plain(size);
  } else if (variant == "none") {
    everything<Guards::none>(size);
  } else if (variant == "light") {
    everything<Guards::light>(size);
  } else if (variant == "fenced") {
    everything<Guards::fenced>(size);
  } else {
    std::fputs("usage: cost plain|none|light|fenced SIZE\n", stderr);
    return 2;
  }
  return 0;
}
