// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: waiter
#include <millpond.h>

// Who waits stands in a queue: nobody can say to be the first of it.
void* jump(millpond::MemoryManager& memory) {
  return memory.allocateAudioBuffer(100, "pusher", 0, millpond::Access::waiter);
}
