// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// What docs/esp32.md shows: the first program on ESP-IDF. A host runs it too.
// [app]
#include <millpond.h>
#include <millpond/BuildConfig.h>

#include <cstdio>

static millpond::StaticMemoryManager<millpond::build_config> memory;  // as menuconfig says

extern "C" void app_main() {
  for (int chunk = 0; chunk < 3; ++chunk) {
    millpond::Buffer samples = memory.audioBuffer(4096, "capture");
    std::printf("chunk %d at %p\n", chunk,
                static_cast<void*>(samples.data()));  // the same block again and again
  }
  const millpond::PoolStats audio = memory.stats().audio;
  std::printf("audio: %u blocks, %u at the most, %u too few\n", unsigned(audio.capacity),
              unsigned(audio.peak), unsigned(audio.exhausted));
}
// [app]

#if !defined(ESP_PLATFORM)
int main() {
  app_main();
  return memory.stats().audio.allocations == 3 && memory.stats().audio.in_use == 0 ? 0 : 1;
}
#endif
