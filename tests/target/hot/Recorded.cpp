// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A firmware whose calls are recorded, those of an interrupt included.
#include "board/Board.h"
#include "millpond/StaticMemoryManager.h"

extern "C" std::uint32_t usePools();
extern "C" std::uint32_t useManager();
extern "C" std::uint32_t useAnyManager(millpond::MemoryManager& manager);

namespace {

millpond::StaticMemoryManager<> memory;

}  // namespace

int board::firmwareMain() {
  millpond::trace_rings.of.store(&memory.core());
  return static_cast<int>(usePools() + useManager() + useAnyManager(memory));
}
