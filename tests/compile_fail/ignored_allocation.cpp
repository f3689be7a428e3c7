// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: nodiscard
#include <millpond.h>

void leak(millpond::MemoryManager& memory) { memory.allocateAudioBuffer(100, "lost at once"); }
