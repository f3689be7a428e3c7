// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/CEvents.h"

namespace {

alignas(64) std::byte region[4 * 64];

constexpr millpond::MemoryConfig device_config{
    .more = {{{.name = "tls", .kind = millpond::PoolKind::runs, .blocks = 8, .block_size = 64, .reserve = 1},
              {.name = "late", .blocks = 4, .block_size = 64, .place = millpond::Place::handedOver()},
              {.name = "idle", .blocks = 2, .block_size = 64, .place = millpond::Place::heap()}}}};
constexpr millpond::MemoryConfig second_config{.audio_buffer_pool_size = 1};

}  // namespace

MILLPOND_C_MANAGER(device, device_config)
MILLPOND_C_MANAGER(second, second_config)
MILLPOND_C_EVENT_BUS(events, second)
MILLPOND_C_PRESSURE(pressure, second, events)
MILLPOND_C_LEAK_WATCH(leaks, second, events)

extern "C" void* lateRegion() { return region; }
