// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: pools, static buffers and side tables need more RAM than available_ram
#include <millpond.h>

// 2 GiB, 2 GiB and 4 KiB: a 32-bit target's sum of the three is 4 KiB, where it wraps.
constexpr millpond::MemoryConfig wrapping{.audio_buffer_pool_size = 1,
                                          .network_buffer_pool_size = 1,
                                          .audio_block_size = 0x80000000,
                                          .network_block_size = 0x80000000};
constexpr std::size_t size = sizeof(millpond::StaticMemoryManager<wrapping>);
