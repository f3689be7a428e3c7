// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond::port {

/// Returns: the part of `stack` that begins and ends at a multiple of `alignment`, a power of two; it may be
/// empty.
inline std::span<std::byte> alignedStack(std::span<std::byte> stack, std::size_t alignment) {
  const std::size_t skipped = -reinterpret_cast<std::uintptr_t>(stack.data()) & (alignment - 1);
  if (stack.size() < skipped) return {};
  return stack.subspan(skipped, (stack.size() - skipped) & ~(alignment - 1));
}

}  // namespace millpond::port
