// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// How strictly a manager checks its blocks. Each tier includes those before it. All are constant-time,
/// except that the cost of the last is proportional to the block's size. docs/pressure.md has their measured
/// cost.
enum class Guards : std::uint8_t {
  /// Double, foreign and interior frees are refused, as in every tier.
  none,
  /// The word after the requested bytes is checked when the block is freed, and by `validate`. Not detected:
  /// a write past the end of a block that the request fills, which has no such word, and a write before a
  /// block. A raw `deallocate` cannot free a shared block while its other owners hold it.
  light,
  /// The word before a block and the word after its end are checked too, for every requested size. They are
  /// in a fence of `MemoryConfig::alignment` bytes before the first block and after each block. A run of
  /// granules grants that many bytes less; for pools of blocks the fence is additional RAM.
  fenced,
  /// A freed block is poisoned and stays in quarantine before it is reused. Bytes written into it meanwhile
  /// are detected when it is next taken.
  full,
};

}  // namespace millpond
