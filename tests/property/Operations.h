// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace millpond::test {

/// How many operations the property tests have done, for the total that is printed at the end.
inline std::size_t operations_done = 0;

/// Words to decode requests from: on average `mean` of them, fewer and simpler when a failure is shrunk.
inline std::vector<std::uint64_t> arbitraryWords(std::size_t mean) {
  const auto word = rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  const auto size = static_cast<int>(2 * mean);
  return *rc::gen::resize(size, rc::gen::container<std::vector<std::uint64_t>>(word)).as("requests");
}

}  // namespace millpond::test
