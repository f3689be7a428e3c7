// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// docs/how-to-use-other-libraries.md shows the parts between marks, and tests compare them.
// [manager]
#include <millpond.h>
#include <millpond/adapters/CEvents.h>
#include <millpond/adapters/MbedTls.h>

constexpr millpond::MbedTlsRows tls = millpond::mbedTlsRows({.connections = 1});
constexpr millpond::MemoryConfig config{
    .more = {{tls.small,
              tls.objects,
              tls.records,
              {.name = "json", .kind = millpond::PoolKind::runs, .blocks = 32, .block_size = 64},
              {.name = "pbuf", .blocks = 8, .block_size = 1600}}}};
MILLPOND_C_MANAGER(device, config)  // for C code: device()
// [manager]
MILLPOND_C_EVENT_BUS(events, device)
