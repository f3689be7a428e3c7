// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cstdint>

// Debian's libgcc for the LX106 lacks this; that of the ESP8266's own toolchain has it.
extern "C" std::uint64_t __muldi3(std::uint64_t a, std::uint64_t b) {
  const auto a_low = static_cast<std::uint32_t>(a);
  const auto b_low = static_cast<std::uint32_t>(b);
  const std::uint32_t crossed =
      static_cast<std::uint32_t>(a >> 32U) * b_low + a_low * static_cast<std::uint32_t>(b >> 32U);
  const std::uint32_t a0 = a_low & 0xFFFFU;
  const std::uint32_t a1 = a_low >> 16U;
  const std::uint32_t b0 = b_low & 0xFFFFU;
  const std::uint32_t b1 = b_low >> 16U;
  const std::uint32_t low = a0 * b0;
  const std::uint32_t middle = a1 * b0 + (low >> 16U);  // cannot overflow
  const std::uint32_t middle_low = (middle & 0xFFFFU) + a0 * b1;
  const std::uint32_t high = a1 * b1 + (middle >> 16U) + (middle_low >> 16U) + crossed;
  return (std::uint64_t{high} << 32U) | (middle_low << 16U) | (low & 0xFFFFU);
}
