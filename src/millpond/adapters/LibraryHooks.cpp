// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/CJson.h"
#include "millpond/adapters/LwIp.h"
#include "millpond/adapters/MbedTls.h"

namespace millpond {

constinit LibraryMemory mbedtls_memory;
constinit LibraryMemory cjson_memory;
constinit LibraryMemory lwip_memory;

Binding bindMbedTls(MemoryManager& memory, bool heap) {
  LibraryPools pools{.pools = {}, .source = "mbedTLS", .heap = heap};
  for (const char* name : {"tls small", "tls objects", "tls out", "tls records"}) {
    const PoolId id = memory.find(name);
    if (memory.maxRequest(id) != 0) pools.pools.ids[pools.pools.count++] = id;
  }
  return mbedtls_memory.bind(memory, pools);
}

}  // namespace millpond

extern "C" {

void* millpond_mbedtls_calloc(size_t count, size_t size) {
  return millpond::mbedtls_memory.allocateZeroed(count, size);
}
void millpond_mbedtls_free(void* pointer) { millpond::mbedtls_memory.free(pointer); }

void* millpond_cjson_malloc(size_t size) { return millpond::cjson_memory.allocate(size); }
void millpond_cjson_free(void* pointer) { millpond::cjson_memory.free(pointer); }

void* millpond_lwip_malloc(size_t size) { return millpond::lwip_memory.allocate(size); }
void* millpond_lwip_calloc(size_t count, size_t size) {
  return millpond::lwip_memory.allocateZeroed(count, size);
}
void millpond_lwip_free(void* pointer) { millpond::lwip_memory.free(pointer); }

}  // extern "C"
