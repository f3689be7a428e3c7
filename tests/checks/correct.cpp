// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <millpond.h>

millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_buffer_pool_size = 6}> memory;
millpond::StaticBuffer<int, 1> buffer(memory, "one");
millpond::StaticBlockPool<64, 1024> pool;
millpond::StaticRunPool<64, 1024> runs;
void pass(millpond::Buffer&& from, millpond::Buffer& to) { to = static_cast<millpond::Buffer&&>(from); }
