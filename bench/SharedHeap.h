// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <string>

namespace millpond::bench {

/// A malloc and free of a shared library that is loaded beside the C library's without replacing them.
struct SharedHeap {
  void* (*allocate)(std::size_t) = nullptr;
  void (*release)(void*) = nullptr;
  std::string origin;  // the file they came from, or why there is none

  explicit operator bool() const { return allocate != nullptr && release != nullptr; }
};

inline SharedHeap mimalloc;
inline SharedHeap jemalloc;

/// Effect: fills `mimalloc` and `jemalloc`.
void loadSharedHeaps();

/// The file that the `malloc` of this process comes from.
std::string mallocOrigin();

/// Whether `malloc` is the C library's own, and each shared heap comes from a library of its own.
bool heapsAreApart();

}  // namespace millpond::bench
