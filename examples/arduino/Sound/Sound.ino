// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Blocks of sound from a pool instead of malloc: the serial monitor shows that the same blocks come again and again,
// and what every pool holds.
#include <millpond.h>

static millpond::StaticMemoryManager<> memory;

void setup() {
  Serial.begin(115200);
}

void loop() {
  millpond::Buffer samples = memory.audioBuffer(4096, "capture");
  millpond::Buffer packet = memory.networkBuffer(1400, "uplink");
  if (!samples || !packet) {
    Serial.println("no memory: somebody keeps its blocks");
    return;
  }
  Serial.printf("samples at %p, packet at %p\n", (void*)samples.data(), (void*)packet.data());
  for (const millpond::LiveBlock& block : memory.liveBlocks()) {
    Serial.printf("  %s holds %u bytes\n", block.source, (unsigned)block.size);
  }
  delay(1000);
}  // both blocks go back here
