// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond::port {

/// Masks `Cpu`'s interrupts while it exists. Nests.
template <class Cpu>
class InterruptMask {
 public:
  [[gnu::always_inline]] InterruptMask() : before_(Cpu::mask()) {}
  [[gnu::always_inline]] ~InterruptMask() { Cpu::restore(before_); }
  InterruptMask(const InterruptMask&) = delete;
  InterruptMask& operator=(const InterruptMask&) = delete;

 private:
  std::uint32_t before_;
};

}  // namespace millpond::port
