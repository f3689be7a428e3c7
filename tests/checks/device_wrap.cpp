// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// expect: Millpond: a pool, which is blocks x block size, must stay below 4 GiB, and so must all together
#include <millpond.h>

// 2 GiB, 2 GiB and 4 KiB: a 32-bit target's sum of the three is 4 KiB, where it wraps.
constexpr millpond::MemoryConfig wrapping{.audio_buffer_pool_size = 256,
                                          .network_buffer_pool_size = 256,
                                          .audio_block_size = 0x800000,
                                          .network_block_size = 0x800000};
constexpr std::size_t size = sizeof(millpond::StaticMemoryManager<wrapping>);
