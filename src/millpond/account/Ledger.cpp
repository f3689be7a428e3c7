// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/account/Ledger.h"

#include "millpond/base/Counter.h"

namespace millpond {

void Ledger::carry(std::uint32_t index) {
  entries_[index].generation.store(1);
  counter::increment(carries_);
}

}  // namespace millpond
