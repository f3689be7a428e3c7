// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

namespace millpond {

/// How closely a manager watches over its blocks. Each tier includes those before it. All are constant-time,
/// the last one in proportion to the block's size. docs/pressure.md has their measured price.
enum class Guards : std::uint8_t {
  /// Double, foreign and interior frees are refused: that is always so.
  none,
  /// The word behind the bytes asked for is checked when the block is freed, and by `validate`. Not seen: a
  /// write past the end of a block that the request fills, which has no such word, or before a block. A
  /// shared block is not freed under its other owners by a raw `deallocate`.
  light,
  /// The word before a block and the word behind its end are checked too, whatever was asked for. They lie in
  /// a fence of `MemoryConfig::alignment` bytes before the first block and behind each. A run of granules
  /// grants that many bytes less; for pools of blocks it is additional RAM.
  fenced,
  /// A freed block is poisoned and rests before it is used again. Bytes written into it meanwhile are seen
  /// when it is next taken.
  full,
};

}  // namespace millpond
