// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/port/Port.h"

namespace millpond {

/// A source tag: a string that outlives the block, in memory an interrupt may read. nullptr shows as "?".
using SourceTag = Port::Atomic<const char*>;

/// Who holds what, since when: a side table with an entry for each block of a pool.
///
/// The owner of a block's bit owns its entry, so every write is plain. Nothing here is needed to allocate or
/// to free. An entry outlives its holder, so that a second free can be laid at somebody's door. Read while
/// others allocate, an entry may be a mixture; once they are quiet, all figures are exact.
class Ledger {
 public:
  struct Entry {
    SourceTag source;
    Word size;
    Word since;
    Word generation;
  };

  /// Requires: `count` zeroed entries, which outlive the ledger.
  Ledger(Entry* entries, std::uint32_t count) : entries_(entries), count_(count) {}
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Effect: writes down that `source` holds block `index` from now on and asked for `size` bytes.
  /// Requires: the caller owns the block. Cost: constant, no read-modify-write. Context: any.
  void open(std::uint32_t index, std::uint32_t size, const char* source) {
    Entry& entry = entries_[index];
    entry.source.store(source);
    entry.size.store(size);
    entry.since.store(Port::ticks());
    const std::uint32_t generation = entry.generation.load() + 1;
    entry.generation.store(generation);
    if (generation == 0) [[unlikely]]
      carry(entry);
  }

  const Entry& at(std::uint32_t index) const { return entries_[index]; }

  /// Times a block was taken. Never falls. Cost: one step for each block. Context: any.
  std::uint64_t allocations() const;

  /// Blocks from the first to the last that was ever held. Where the lowest free block is always taken
  /// first this is the most that were held at once: taking block i means that all i below it are held.
  std::uint32_t everHeld() const;

 private:
  void carry(Entry& entry);

  // Generation 0 means "never held", so a generation runs through this many values before it repeats.
  static constexpr std::uint64_t generations = UINT32_MAX;

  Entry* entries_;
  std::uint32_t count_;
  Word carries_;
};

}  // namespace millpond
