// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/Hot.h"
#include "millpond/MemoryManager.h"
#include "millpond/adapters/millpond_c.h"

namespace millpond {

/// A manager as C code sees it, and back. For a program that has its manager already:
///     extern "C" millpond_manager* device() { return millpond::toC(memory); }
/// Context: any.
inline millpond_manager* toC(MemoryManager& memory) { return reinterpret_cast<millpond_manager*>(&memory); }
inline MemoryManager& fromC(millpond_manager* manager) { return *reinterpret_cast<MemoryManager*>(manager); }
inline const MemoryManager& fromC(const millpond_manager* manager) {
  return *reinterpret_cast<const MemoryManager*>(manager);
}

}  // namespace millpond

/// Defines a memory manager of this `MemoryConfig` for C code: `name()` returns it. Use it once, outside any
/// namespace.
#define MILLPOND_C_MANAGER(name, config)                       \
  static millpond::StaticMemoryManager<config> name##_manager; \
  extern "C" MILLPOND_HOT millpond_manager* name(void) { return millpond::toC(name##_manager); }
