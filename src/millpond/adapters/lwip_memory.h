// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// Options of lwIP for `lwipopts.h`, in C: lwIP's `mem_malloc`, `mem_calloc` and `mem_free` use the pools
/// that `LwIp.h` binds. For lwIP 2.0 to 2.2; the last has other names for the same options.

#include "millpond/adapters/millpond_hooks.h"

#if defined(MEM_LIBC_MALLOC) || defined(MEM_CUSTOM_ALLOCATOR)
#error \
    "Millpond: lwIP's heap is chosen already: remove MEM_LIBC_MALLOC and MEM_CUSTOM_ALLOCATOR from lwipopts.h"
#endif
#if defined(MEM_USE_POOLS) && MEM_USE_POOLS
#error "Millpond: lwIP's own pools take the place of its heap: remove MEM_USE_POOLS from lwipopts.h"
#endif

#if __has_include("lwip/acd.h")  // lwIP 2.2
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC millpond_lwip_malloc
#define MEM_CUSTOM_CALLOC millpond_lwip_calloc
#define MEM_CUSTOM_FREE millpond_lwip_free
#else
#define MEM_LIBC_MALLOC 1
#define mem_clib_malloc millpond_lwip_malloc
#define mem_clib_calloc millpond_lwip_calloc
#define mem_clib_free millpond_lwip_free
#endif
