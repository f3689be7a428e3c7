// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/adapters/LibraryMemory.h"
#include "millpond/adapters/millpond_hooks.h"

namespace millpond {

/// The memory behind lwIP's `mem_malloc`: pbufs for sending, and whatever `MEMP_MEM_MALLOC` moves there. In
/// `lwipopts.h`, which is C:
///
///     #include <millpond/adapters/lwip_memory.h>
/// and before `lwip_init`:
///
///     lwip_memory.bind(memory, {.pools = {config.id("pbuf")}, .source = "lwip"});
///
/// Not on ESP-IDF, which defines the same options itself and leaves no way in.
extern LibraryMemory lwip_memory;

}  // namespace millpond
