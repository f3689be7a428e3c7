// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdlib>
#include <span>

namespace millpond::test {

/// What each fuzzer defines. Effect: gives `input` to the code under test, and stops by `require` where that
/// breaks a promise.
void fuzz(std::span<const std::byte> input);

/// Effect: stops where `promise` does not hold, so that libFuzzer writes the input down.
inline void require(bool promise) {
  if (!promise) std::abort();
}

}  // namespace millpond::test
