// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"

// No MALLOC_CAP_EXEC, as in ESP-IDF 6 with its memory protection on.
#define MALLOC_CAP_8BIT (1 << 2)
#define MALLOC_CAP_DMA (1 << 3)
#define MALLOC_CAP_SPIRAM (1 << 10)
#define MALLOC_CAP_INTERNAL (1 << 11)
#define MALLOC_CAP_DEFAULT (1 << 12)

#ifdef __cplusplus
extern "C" {
#endif

void* heap_caps_malloc(size_t bytes, uint32_t capability);
void* heap_caps_aligned_alloc(size_t alignment, size_t bytes, uint32_t capability);
void heap_caps_free(void* memory);
size_t heap_caps_get_free_size(uint32_t capability);
size_t heap_caps_get_largest_free_block(uint32_t capability);

typedef void (*esp_alloc_failed_hook_t)(size_t bytes, uint32_t capability, const char* function);
esp_err_t heap_caps_register_failed_alloc_callback(esp_alloc_failed_hook_t hook);

#ifdef __cplusplus
}
#endif
