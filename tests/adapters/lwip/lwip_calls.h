// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What lwIP's own mem.c calls, by the names that its options give it.
void* lwip_calls_malloc(size_t size);
void* lwip_calls_calloc(size_t count, size_t size);
void lwip_calls_free(void* pointer);

#ifdef __cplusplus
}
#endif
