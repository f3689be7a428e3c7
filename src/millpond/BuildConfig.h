// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/MemoryConfig.h"
#include "millpond/port/BuildOptions.h"
#if defined(ESP_PLATFORM)
#include "millpond/port/EspIdfCapability.h"
#endif

namespace millpond {

/// The place of a pool by its options. On ESP-IDF a capability that the chip lacks does not compile.
template <std::uint32_t capability>
constexpr Place buildPlace(bool reclaimable, bool handed_over) {
#if defined(ESP_PLATFORM)
  static_cast<void>(port::EspIdfCapability::of<capability>());
#endif
  if (reclaimable) return Place::heap(capability);
  return handed_over ? Place::handedOver() : Place{};
}

#define MILLPOND_PLACE(POOL)                                                                             \
  buildPlace<CONFIG_MILLPOND_##POOL##_CAPABILITY>(MILLPOND_IS_SET(CONFIG_MILLPOND_##POOL##_RECLAIMABLE), \
                                                  MILLPOND_IS_SET(CONFIG_MILLPOND_##POOL##_HANDED_OVER))
#define MILLPOND_ROW(POOL)                                                                        \
  {                                                                                               \
    .name = CONFIG_MILLPOND_##POOL##_NAME,                                                        \
    .kind = MILLPOND_IS_SET(CONFIG_MILLPOND_##POOL##_RUNS) ? PoolKind::runs : PoolKind::blocks,   \
    .blocks = CONFIG_MILLPOND_##POOL##_BLOCKS, .block_size = CONFIG_MILLPOND_##POOL##_BLOCK_SIZE, \
    .reserve = CONFIG_MILLPOND_##POOL##_RESERVE, .place = MILLPOND_PLACE(POOL)                    \
  }

static_assert(CONFIG_MILLPOND_GUARDS >= 0 && CONFIG_MILLPOND_GUARDS <= 3,
              "Millpond: CONFIG_MILLPOND_GUARDS must be from 0 (none) to 3 (full)");
static_assert(CONFIG_MILLPOND_MAX_SHARE_PERCENT >= 1 && CONFIG_MILLPOND_MAX_SHARE_PERCENT <= 100,
              "Millpond: CONFIG_MILLPOND_MAX_SHARE_PERCENT must be from 1 to 100");

/// The configuration that the build's options describe: those of `Kconfig` in ESP-IDF and Zephyr, definitions
/// elsewhere. Equal to `MemoryConfig{}` if no option is set.
///
///     static millpond::StaticMemoryManager<millpond::build_config> memory;
inline constexpr MemoryConfig build_config{
    .audio_buffer_pool_size = CONFIG_MILLPOND_AUDIO_BLOCKS,
    .network_buffer_pool_size = CONFIG_MILLPOND_NETWORK_BLOCKS,
    .general_buffer_pool_size = CONFIG_MILLPOND_GENERAL_BLOCKS,
    .max_heap_allocation = CONFIG_MILLPOND_HEAP_BYTES,
    .audio_block_size = CONFIG_MILLPOND_AUDIO_BLOCK_SIZE,
    .network_block_size = CONFIG_MILLPOND_NETWORK_BLOCK_SIZE,
    .general_block_size = CONFIG_MILLPOND_GENERAL_BLOCK_SIZE,
    .more = {{MILLPOND_ROW(POOL1), MILLPOND_ROW(POOL2), MILLPOND_ROW(POOL3), MILLPOND_ROW(POOL4),
              MILLPOND_ROW(POOL5)}},
    .max_heap_blocks = CONFIG_MILLPOND_HEAP_BLOCKS,
    .alignment =
        CONFIG_MILLPOND_ALIGNMENT == 0 ? MemoryConfig{}.alignment : std::size_t{CONFIG_MILLPOND_ALIGNMENT},
    .guards = static_cast<Guards>(CONFIG_MILLPOND_GUARDS),
    .measure_requests = MILLPOND_IS_SET(CONFIG_MILLPOND_MEASURE_REQUESTS),
    .audio_reserve = CONFIG_MILLPOND_AUDIO_RESERVE,
    .network_reserve = CONFIG_MILLPOND_NETWORK_RESERVE,
    .general_reserve = CONFIG_MILLPOND_GENERAL_RESERVE,
    .audio_reclaimable = MILLPOND_IS_SET(CONFIG_MILLPOND_AUDIO_RECLAIMABLE),
    .network_reclaimable = MILLPOND_IS_SET(CONFIG_MILLPOND_NETWORK_RECLAIMABLE),
    .general_reclaimable = MILLPOND_IS_SET(CONFIG_MILLPOND_GENERAL_RECLAIMABLE),
    .audio_place = MILLPOND_PLACE(AUDIO),
    .network_place = MILLPOND_PLACE(NETWORK),
    .general_place = MILLPOND_PLACE(GENERAL),
    .free_heap = {.warning = CONFIG_MILLPOND_FREE_HEAP_WARNING,
                  .critical = CONFIG_MILLPOND_FREE_HEAP_CRITICAL,
                  .hysteresis = CONFIG_MILLPOND_FREE_HEAP_HYSTERESIS},
    .largest_block = {.warning = CONFIG_MILLPOND_LARGEST_BLOCK_WARNING,
                      .critical = CONFIG_MILLPOND_LARGEST_BLOCK_CRITICAL,
                      .hysteresis = CONFIG_MILLPOND_LARGEST_BLOCK_HYSTERESIS},
    .occupancy = {.warning = CONFIG_MILLPOND_OCCUPANCY_WARNING,
                  .critical = CONFIG_MILLPOND_OCCUPANCY_CRITICAL,
                  .hysteresis = CONFIG_MILLPOND_OCCUPANCY_HYSTERESIS},
    .pressure_calm_ms = CONFIG_MILLPOND_PRESSURE_CALM_MS,
    .reacquire_after_ms = CONFIG_MILLPOND_REACQUIRE_AFTER_MS,
    .static_buffer_bytes = CONFIG_MILLPOND_STATIC_BUFFER_BYTES,
    .available_ram = CONFIG_MILLPOND_AVAILABLE_RAM,
    .total_ram = CONFIG_MILLPOND_TOTAL_RAM,
    .max_share_percent = CONFIG_MILLPOND_MAX_SHARE_PERCENT,
};

#undef MILLPOND_ROW
#undef MILLPOND_PLACE

}  // namespace millpond
