// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sys_heap {
  void* words[2];
};
struct k_heap {
  struct sys_heap heap;
};
struct sys_memory_stats {
  size_t free_bytes;
  size_t allocated_bytes;
  size_t max_allocated_bytes;
};

int sys_heap_runtime_stats_get(struct sys_heap* heap, struct sys_memory_stats* stats);

#ifdef __cplusplus
}
#endif
