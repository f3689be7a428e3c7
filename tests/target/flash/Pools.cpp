// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What ADR-002 asks for: typed pools, the heap fallback, the ledger and the statistics.
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace {

millpond::StaticMemoryManager<millpond::MemoryConfig{.guards = millpond::Guards::none}> memory;

}  // namespace

int board::firmwareMain() {
  void* blocks[] = {memory.allocateAudioBuffer(4096, "capture"),
                    memory.allocateNetworkBuffer(19200, "uplink"), memory.allocateGeneralBuffer(700, "json")};
  for (void* block : blocks) memory.deallocate(block);
  const millpond::MemoryStats stats = memory.stats();
  return stats.audio.in_use != 0 || stats.heap.in_use != 0;
}
