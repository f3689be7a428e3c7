// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <millpond.h>

using Memory = millpond::StaticMemoryManager<>;
using I2sBuffer = millpond::StaticBuffer<std::int32_t, 4096>;

static_assert(sizeof(void*) == 4, "this is about 32-bit targets");
static_assert(Memory::budgetBytes() == 77824);
static_assert(Memory::budgetPercent() == 38);
static_assert(Memory::overheadBytes() <= 800);

// What docs/how-to-add-a-pool.md says that a pool takes, and `MemoryManager::stats` of its result.
template <millpond::PoolSpec pool>
constexpr std::size_t added =
    millpond::StaticMemoryManager<millpond::MemoryConfig{.more = {{pool}}}>::overheadBytes() -
    Memory::overheadBytes();
static_assert(added<millpond::PoolSpec{.name = "tls", .blocks = 2, .block_size = 64}> == 104);
static_assert(added<millpond::PoolSpec{
                  .name = "objects", .kind = millpond::PoolKind::runs, .blocks = 16, .block_size = 64}> ==
              392);
static_assert(sizeof(millpond::MemoryStats) == 744);

// More than 2^32 / 100 bytes, in external RAM.
constexpr millpond::MemoryConfig large{.audio_buffer_pool_size = 1024,
                                       .audio_block_size = 49152,
                                       .available_ram = std::size_t{64} << 20U,
                                       .total_ram = std::size_t{64} << 20U,
                                       .max_share_percent = 90};
static_assert(millpond::StaticMemoryManager<large>::budgetPercent() == 75);

// As large as what lies beside the blocks, and beside the elements of the I2S buffer.
extern "C" char side_tables[Memory::overheadBytes()];
char side_tables[Memory::overheadBytes()];
extern "C" char i2s_node[sizeof(I2sBuffer) - 16384];
char i2s_node[sizeof(I2sBuffer) - 16384];
