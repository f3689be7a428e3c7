// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Ledger.h"

#include "millpond/Counter.h"

namespace millpond {

void Ledger::carry(std::uint32_t index) {
  entries_[index].generation.store(1);
  counter::increment(carries_);
}

std::uint64_t Ledger::allocations(std::uint32_t blocks) const {
  std::uint64_t total = carries_.load() * generations;
  for (std::uint32_t index = 0; index < blocks; ++index) total += entries_[index].generation.load();
  return total;
}

std::uint32_t Ledger::everHeld(std::uint32_t blocks) const {
  while (blocks > 0 && entries_[blocks - 1].generation.load() == 0) --blocks;
  return blocks;
}

}  // namespace millpond
