// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The README shows the part between the two marks, and a test compares them.
// [quickstart]
#include <millpond.h>

constexpr millpond::MemoryConfig config{.audio_buffer_pool_size = 6};

static millpond::StaticMemoryManager<config> memory;                   // RAM checked by the compiler
static millpond::StaticBuffer<int32_t, 4096> i2s_read(memory, "i2s");  // counted in budget and report

int main() {
  void* samples = memory.allocateAudioBuffer(4096, "capture");  // constant time, also in an interrupt
  if (auto chunk = memory.networkBuffer(19200, "uplink")) {     // an owning handle, freed on scope exit
    chunk.bytes()[0] = std::byte{0x4d};
  }
  memory.deallocate(samples);  // finds the pool by itself
  memory.deallocate(samples);  // a second free: refused and counted, in every build
  return memory.stats().audio.rejected == 1 && memory.leaks().begin() == std::default_sentinel ? 0 : 1;
}
// [quickstart]
