// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "SharedHeap.h"

#include <dlfcn.h>
#include <gnu/lib-names.h>

namespace millpond::bench {

namespace {

std::string fileOf(void* symbol) {
  Dl_info info{};
  if (symbol == nullptr || dladdr(symbol, &info) == 0) return "?";
  return info.dli_fname;
}

// RTLD_LOCAL keeps the library's own `malloc` out of everybody else's sight.
SharedHeap load(const char* library, const char* allocate, const char* release) {
  SharedHeap heap;
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    heap.origin = dlerror();  // NOLINT(concurrency-mt-unsafe): one thread so far
    return heap;
  }
  void* symbol = dlsym(handle, allocate);
  heap.allocate = reinterpret_cast<void* (*)(std::size_t)>(symbol);
  heap.release = reinterpret_cast<void (*)(void*)>(dlsym(handle, release));
  heap.origin = fileOf(symbol);
  return heap;
}

}  // namespace

void loadSharedHeaps() {
  mimalloc = load("libmimalloc.so.2", "mi_malloc", "mi_free");
  jemalloc = load("libjemalloc.so.2", "malloc", "free");
}

std::string mallocOrigin() { return fileOf(dlsym(RTLD_DEFAULT, "malloc")); }

bool heapsAreApart() {
  const auto isFrom = [](const std::string& file, const char* library) {
    return file.find(library) != std::string::npos;
  };
  return isFrom(mallocOrigin(), LIBC_SO) && (!mimalloc || isFrom(mimalloc.origin, "libmimalloc")) &&
         (!jemalloc || isFrom(jemalloc.origin, "libjemalloc"));
}

}  // namespace millpond::bench
