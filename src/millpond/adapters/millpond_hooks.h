// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// The memory hooks of C libraries, for C11 and C++. Each library is bound to a memory manager first: in C++
/// by `MbedTls.h`, `CJson.h` or `LwIp.h`, in C by `millpond_bind` of `millpond_c.h`. Until then it gets no
/// memory. `LibraryMemory.h` specifies what the hooks do. Context: task.

#include <stddef.h>  // NOLINT(modernize-deprecated-headers): C reads this too

#ifdef __cplusplus
extern "C" {
#endif

/// For mbedTLS built with MBEDTLS_PLATFORM_MEMORY:
///     mbedtls_platform_set_calloc_free(millpond_mbedtls_calloc, millpond_mbedtls_free);
/// or, with this header in mbedTLS's configuration, as MBEDTLS_PLATFORM_CALLOC_MACRO and
/// MBEDTLS_PLATFORM_FREE_MACRO. Context: task.
void* millpond_mbedtls_calloc(size_t count, size_t size);
void millpond_mbedtls_free(void* pointer);

/// For cJSON:
///     cJSON_Hooks hooks = {millpond_cjson_malloc, millpond_cjson_free};
///     cJSON_InitHooks(&hooks);
/// Context: task.
void* millpond_cjson_malloc(size_t size);
void millpond_cjson_free(void* pointer);

/// For lwIP: `lwip_memory.h` names them in lwIP's options. Context: as `MemoryManager::allocate`.
void* millpond_lwip_malloc(size_t size);
void* millpond_lwip_calloc(size_t count, size_t size);
void millpond_lwip_free(void* pointer);

#ifdef __cplusplus
}
#endif
