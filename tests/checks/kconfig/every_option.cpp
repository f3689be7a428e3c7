// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <type_traits>

#include "millpond/BuildConfig.h"

namespace millpond {

constexpr MemoryConfig expected{.audio_buffer_pool_size = 5,
                                .network_buffer_pool_size = 3,
                                .general_buffer_pool_size = 9,
                                .max_heap_allocation = 65001,
                                .audio_block_size = 4160,
                                .network_block_size = 20544,
                                .general_block_size = 1024,
                                .more = {{{.name = "pool1",
                                           .kind = PoolKind::runs,
                                           .blocks = 10,
                                           .block_size = 128,
                                           .reserve = 1,
                                           .place = Place::heap(0x100)},
                                          {.name = "pool2",
                                           .kind = PoolKind::runs,
                                           .blocks = 20,
                                           .block_size = 256,
                                           .reserve = 2,
                                           .place = Place::heap(0x200)},
                                          {.name = "pool3",
                                           .kind = PoolKind::runs,
                                           .blocks = 30,
                                           .block_size = 512,
                                           .reserve = 3,
                                           .place = Place::heap(0x300)},
                                          {.name = "pool4",
                                           .kind = PoolKind::runs,
                                           .blocks = 40,
                                           .block_size = 1024,
                                           .reserve = 4,
                                           .place = Place::heap(0x400)},
                                          {.name = "pool5",
                                           .kind = PoolKind::runs,
                                           .blocks = 50,
                                           .block_size = 2048,
                                           .reserve = 5,
                                           .place = Place::heap(0x500)}}},
                                .max_heap_blocks = 17,
                                .alignment = 64,
                                .guards = Guards::full,
                                .measure_requests = true,
                                .audio_reserve = 1,
                                .network_reserve = 2,
                                .general_reserve = 4,
                                .audio_reclaimable = true,
                                .network_reclaimable = true,
                                .general_reclaimable = true,
                                .audio_place = Place::heap(8),
                                .network_place = Place::heap(16),
                                .general_place = Place::heap(32),
                                .free_heap = {.warning = 50001, .critical = 50002, .hysteresis = 50003},
                                .largest_block = {.warning = 50004, .critical = 50005, .hysteresis = 50006},
                                .occupancy = {.warning = 81, .critical = 82, .hysteresis = 83},
                                .pressure_calm_ms = 1001,
                                .reacquire_after_ms = 5001,
                                .static_buffer_bytes = 16385,
                                .available_ram = 204801,
                                .total_ram = 532481,
                                .max_share_percent = 21};

template <MemoryConfig>
struct Of {};
static_assert(std::is_same_v<Of<build_config>, Of<expected>>, "an option does not reach its field");
static_assert(CONFIG_MILLPOND_NOTIFICATION_INDEX == 2 && CONFIG_MILLPOND_TRACE_RECORDS == 512 &&
              CONFIG_MILLPOND_INTERRUPTS_FROM_IRAM == 1 && CONFIG_MILLPOND_TASK_NAMES == 1);

}  // namespace millpond
