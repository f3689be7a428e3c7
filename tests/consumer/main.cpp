// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <millpond.h>
#include <millpond/MemoryManager.h>

static millpond::StaticMemoryManager<> memory;

int main() {
  void* block = memory.allocateAudioBuffer(4096, "consumer");
  memory.deallocate(block);
  return memory.stats().audio.frees == 1 ? 0 : 1;
}
