// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/DeviceMemory.h"

#include "millpond/StaticBuffer.h"
#include "streamer/AudioFormat.h"

namespace millpond::cli {

namespace {

StaticMemoryManager<MemoryConfig{}> memory;
StaticBuffer<std::int32_t, streamer::frames_per_read> i2s_read(memory, "i2s");

}  // namespace

MemoryManager& deviceMemory() { return memory; }

std::span<std::int32_t> i2sReadBuffer() { return i2s_read.span(); }

}  // namespace millpond::cli
