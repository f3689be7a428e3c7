// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: must be a positive multiple of `alignment`, a power of two from 8
#include <millpond.h>

// Any pool's granules hold the events of an EventBus, which are aligned to 8 bytes.
millpond::StaticMemoryManager<millpond::MemoryConfig{.audio_block_size = 4100, .alignment = 4}> memory;
