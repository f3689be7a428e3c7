// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "board/Console.h"

#include <array>

#include "board/Board.h"

namespace console {

void put(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  board::write(text, length);
}

void put(Hex value) {
  put("0x");
  int shift = 60;
  while (shift > 0 && (value.value >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) board::write(&"0123456789abcdef"[value.value >> shift & 15U], 1);
}

// By subtraction: not every board can divide.
void putDecimal(std::uint64_t value) {
  constexpr std::uint64_t largest = 10'000'000'000'000'000'000U;
  static constexpr auto powers = [] {
    std::array<std::uint64_t, 20> table{};
    std::uint64_t power = largest;
    for (std::uint64_t& entry : table) {
      entry = power;
      power /= 10;
    }
    return table;
  }();
  bool begun = false;
  for (const std::uint64_t power : powers) {
    char digit = '0';
    for (; value >= power; value -= power) ++digit;
    begun = begun || digit != '0' || power == 1;
    if (begun) board::write(&digit, 1);
  }
}

void putSigned(std::int64_t value) {
  if (value < 0) put("-");
  putDecimal(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

}  // namespace console
