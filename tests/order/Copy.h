// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

// Included before all else of what the model watches. Clang calls these by the sanitizer's names, GCC does
// not.
extern "C" {
void* memcpy(void* to, const void* from, std::size_t bytes) noexcept asm("__tsan_memcpy");
void* memmove(void* to, const void* from, std::size_t bytes) noexcept asm("__tsan_memmove");
void* memset(void* to, int value, std::size_t bytes) noexcept asm("__tsan_memset");
}
