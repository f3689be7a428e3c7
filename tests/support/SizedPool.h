// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "millpond/BlockPool.h"
#include "millpond/RunPool.h"

namespace millpond::test {

/// What a pool works on, of any number of blocks.
struct PoolMemory {
  std::vector<std::byte> blocks;
  std::vector<Word> state;
};

/// A `BlockPool` or a `RunPool` with its memory, whose size is known only when it is made: a test for many
/// sizes is compiled once.
template <class Kind>
class SizedPool : PoolMemory, public Kind {
 public:
  SizedPool(std::size_t block_size, std::uint32_t count)
      : PoolMemory{std::vector<std::byte>(block_size * count), std::vector<Word>(Kind::stateWords(count))},
        Kind(blocks.data(), block_size, count, state.data()) {}
};

}  // namespace millpond::test
