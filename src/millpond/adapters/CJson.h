// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/adapters/LibraryMemory.h"
#include "millpond/adapters/millpond_hooks.h"

namespace millpond {

/// The memory of cJSON: its nodes and strings. A pool of runs suits it: a node takes 40 bytes on a 32-bit
/// core, 64 on a 64-bit one.
///
///     cjson_memory.bind(memory, {.pools = {config.id("json")}, .source = "json"});
///     cJSON_Hooks hooks{millpond_cjson_malloc, millpond_cjson_free};
///     cJSON_InitHooks(&hooks);
///
/// Text that `cJSON_Print` returns goes back by `cJSON_free`, not by `free`. Without memory cJSON returns
/// NULL and has given back what it took.
extern LibraryMemory cjson_memory;

}  // namespace millpond
