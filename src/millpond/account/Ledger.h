// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/account/Holding.h"
#include "millpond/account/TaskTag.h"
#include "millpond/base/Require.h"
#include "millpond/port/Port.h"

namespace millpond {

/// Who holds what, and since when: a side table with an entry for each block of a pool.
///
/// The owner of a block's bit owns its entry, so every write is plain. An allocation does not depend on the
/// ledger. An entry outlives its holder, so that a double free is reported with the last holder. An entry
/// that is read during other callers' allocations may be a mixture, which `LiveBlocks` detects; without
/// concurrent callers all figures are exact.
class Ledger {
 public:
  struct Entry {
    SourceTag source;
    Holding holding;
    Word since;
    Word generation;
    [[no_unique_address]] TaskTag task;
  };

  Ledger() = default;
  /// Requires: a zeroed entry for each block of the pool; the entries outlive the ledger.
  explicit Ledger(Entry* entries) : entries_(entries) {}
  MILLPOND_INLINE void setUp(Entry* entries) { entries_ = entries; }
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Effect: records that `source` holds block `index` from now on and requested `size` bytes.
  /// Requires: the caller owns the block; size <= Holding::max_size. Returns: false if the block's
  /// generations are used up, so that the caller must `carry` it. Cost: constant, no read-modify-write.
  /// Context: any.
  MILLPOND_HOT bool open(std::uint32_t index, std::uint32_t size, const char* source) {
    return open(entries_[index], size, source);
  }
  MILLPOND_INLINE static bool open(Entry& entry, std::uint32_t size, const char* source) {
    MILLPOND_REQUIRE(size <= Holding::max_size);
    const std::uint32_t generation = entry.generation.load() + 1;
    entry.generation.store(generation);  // first, so that the last holder's handles end at once
    entry.source.store(source);
    entry.since.store(Port::ticks());
    entry.task.set();
    entry.holding.open(size);  // last, so that an entry with an owner is complete
    return generation != 0;
  }

  /// Effect: restarts the generations of block `index` and counts the carry. Requires: the caller owns it.
  MILLPOND_HOT void carry(std::uint32_t index);

  MILLPOND_INLINE Entry& at(std::uint32_t index) { return entries_[index]; }
  MILLPOND_INLINE const Entry& at(std::uint32_t index) const { return entries_[index]; }

  /// Times that blocks were taken in used-up generations: to be added to all entries' generations. Context:
  /// any.
  MILLPOND_HOT std::uint64_t carried() const {
    // Generation 0 means "never held", so a generation runs through 2^32 - 1 values before it repeats.
    const std::uint64_t carries = carries_.load();
    return (carries << 32U) - carries;
  }

 private:
  Entry* entries_ = nullptr;
  Word carries_;
};

}  // namespace millpond
