// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

// Included before all else of what the model watches: what the compiler leaves to `memcpy` is seen as well.
extern "C" void* memcpy(void* to, const void* from, std::size_t bytes) noexcept asm("millpond_order_copy");
