// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <concepts>
#include <cstdint>

/// Text and numbers to the board's console, without a formatted-output library.
namespace console {

struct Hex {
  std::uint64_t value;
};

void put(const char* text);
void put(Hex value);
void putDecimal(std::uint64_t value);
void putSigned(std::int64_t value);

inline void put(bool value) { put(value ? "true" : "false"); }
inline void put(const void* pointer) { put(Hex{reinterpret_cast<std::uintptr_t>(pointer)}); }
inline void put(std::unsigned_integral auto value) { putDecimal(value); }
inline void put(std::signed_integral auto value) { putSigned(value); }

template <class... Values>
void print(Values... values) {
  (put(values), ...);
}

}  // namespace console
