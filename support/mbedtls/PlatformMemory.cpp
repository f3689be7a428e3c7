// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What mbedTLS has if it is built with MBEDTLS_PLATFORM_MEMORY.
#include <mbedtls/platform.h>

#include <cstdlib>

namespace {

void* (*calloc_hook)(std::size_t count, std::size_t size) = std::calloc;
void (*free_hook)(void* pointer) = std::free;

}  // namespace

extern "C" {

void* mbedtls_calloc(std::size_t count, std::size_t size) { return calloc_hook(count, size); }
void mbedtls_free(void* pointer) { free_hook(pointer); }

int mbedtls_platform_set_calloc_free(void* (*calloc_function)(std::size_t, std::size_t),
                                     void (*free_function)(void*)) {
  calloc_hook = calloc_function;
  free_hook = free_function;
  return 0;
}

}  // extern "C"
