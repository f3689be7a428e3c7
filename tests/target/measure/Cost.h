// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "board/Board.h"

extern "C" void emptyFunction();
extern "C" void thousandNops();

namespace measure {

/// What a call returned, and the instructions it took: call and return, but not the set-up of arguments.
struct Cost {
  std::uintptr_t value;
  std::uint32_t instructions;
};

inline Cost ofAddress(std::uintptr_t function, std::uintptr_t a, std::uintptr_t b, std::uintptr_t c) {
  constexpr std::uint32_t call_and_return = 2;
  static const std::uint32_t empty =
      board::timedCall({reinterpret_cast<std::uintptr_t>(&emptyFunction), {}}).steps;
  const board::CallResult result = board::timedCall({function, {a, b, c}});
  const std::uint32_t nanoseconds = (result.steps - empty) * board::ns_per_step;
  constexpr std::uint32_t half = board::ns_per_instruction / 2;
  return {result.value, (nanoseconds + half) / board::ns_per_instruction + call_and_return};
}

inline Cost of(void (*function)()) { return ofAddress(reinterpret_cast<std::uintptr_t>(function), 0, 0, 0); }

/// The cost of calling a member function of `object` with up to two arguments. A pointer to a function that
/// is not virtual begins with its address.
template <class Result, class Class, class... Parameters>
Cost of(Result (Class::*member)(Parameters...), std::type_identity_t<Class>& object,
        std::type_identity_t<Parameters>... arguments) {
  using Words = std::array<std::uintptr_t, sizeof(member) / sizeof(std::uintptr_t)>;
  std::array<std::uintptr_t, 2> words{std::bit_cast<std::uintptr_t>(arguments)...};
  return ofAddress(std::bit_cast<Words>(member)[0], std::bit_cast<std::uintptr_t>(&object), words[0],
                   words[1]);
}

}  // namespace measure
