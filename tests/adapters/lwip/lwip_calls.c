// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#define _POSIX_C_SOURCE 200809L  // else lwIP defines a ssize_t of its own

#include "lwip_calls.h"

#include <limits.h>
#include <lwip/mem.h>
#include <lwip/opt.h>

#if !MEM_LIBC_MALLOC || MEM_USE_POOLS
#error "lwIP has a heap of its own"
#endif
_Static_assert(sizeof(mem_size_t) == sizeof(size_t), "mem_malloc takes a size_t");

void* lwip_calls_malloc(size_t size) { return mem_clib_malloc(size); }
void* lwip_calls_calloc(size_t count, size_t size) { return mem_clib_calloc(count, size); }
void lwip_calls_free(void* pointer) { mem_clib_free(pointer); }
