// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/PoolSpec.h"
#include "millpond/adapters/LibraryMemory.h"
#include "millpond/adapters/millpond_hooks.h"

namespace millpond {

/// The memory of mbedTLS.
extern LibraryMemory mbedtls_memory;

}  // namespace millpond
