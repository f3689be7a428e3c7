/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * What a shared object gives so that `millpond soak --policy plugin:FILE.so` runs a device on its allocator.
 * Build it with: cc -shared -fPIC -o FILE.so FILE.c */
#ifndef MILLPOND_PLUGIN_H
#define MILLPOND_PLUGIN_H

#include <stddef.h> /* NOLINT(modernize-deprecated-headers): this is C */

#ifdef __cplusplus
extern "C" {
#endif

/* Starts from scratch: a heap of `bytes` bytes from `region`, aligned to 16, whatever was before. Returns 0,
 * or anything else where it cannot be. */
int millpond_plugin_init(void* region, size_t bytes);

/* Returns memory inside the region, aligned to 4, which overlaps nothing that is held; or NULL. */
void* millpond_plugin_malloc(size_t bytes);

/* Gives back what millpond_plugin_malloc returned. With nothing held, all of the region can be had again. */
void millpond_plugin_free(void* memory);

#ifdef __cplusplus
}
#endif

#endif
