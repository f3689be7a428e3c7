// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/port/Port.h"

namespace millpond {

/// A source tag: nullptr, or a string that lives as long as the manager and everything that watches it. See
/// `MemoryManager`.
using SourceTag = Port::Atomic<const char*>;

/// How many bytes a block's holder requested, and how many owners share the block, in one word.
class Holding {
 public:
  static constexpr std::uint32_t max_size = (1U << 24U) - 1U;
  static constexpr std::uint32_t max_owners = 255;

  /// Effect: records one owner, who requested `size` bytes, after all that the caller wrote before. Requires:
  /// the caller owns the block; size <= max_size.
  MILLPOND_INLINE void open(std::uint32_t size) { word_.storeOrdered(one_owner | size); }

  /// Bytes requested by the block's holder or last holder.
  MILLPOND_INLINE std::uint32_t size() const { return sizeIn(word_.load()); }
  MILLPOND_INLINE std::uint32_t owners() const { return ownersIn(word_.load()); }

  /// Effect: ends the ownership of the only owner, who requested `size` bytes. Requires: the caller is that
  /// owner.
  MILLPOND_INLINE void close(std::uint32_t size) { word_.store(size); }

  /// Bytes and the one owner at once. Requires: the caller is that owner.
  MILLPOND_INLINE std::uint32_t solePacked() const { return word_.load(); }

  /// Bytes and owners at once, to be compared with an earlier word; then the owners in such a word, and its
  /// bytes.
  MILLPOND_HOT std::uint32_t packed() const { return word_.loadOrdered(); }
  MILLPOND_INLINE static constexpr std::uint32_t ownersIn(std::uint32_t word) { return word / one_owner; }
  MILLPOND_INLINE static constexpr std::uint32_t sizeIn(std::uint32_t word) { return word & max_size; }

  /// The bytes requested by the only owner; more than `max_size` if there is none or several.
  MILLPOND_INLINE std::uint32_t soleSize() const { return word_.load() ^ one_owner; }

  /// Effect: adds an owner. Returns: false, with nothing changed, if there is none, or `max_owners`.
  MILLPOND_HOT bool share() {
    const auto can = [](std::uint32_t word)
                         MILLPOND_INLINED { return word >= one_owner && word < max_owners * one_owner; };
    return can(word_.update([can](std::uint32_t word)
                                MILLPOND_INLINED { return can(word) ? word + one_owner : word; }));
  }

  /// Effect: removes an owner, unless it is the only one. The last owner sees every write made by the earlier
  /// owners. Returns: whether there were others.
  MILLPOND_HOT bool dropShare() {
    const auto shared = [](std::uint32_t word) MILLPOND_INLINED { return word >= 2 * one_owner; };
    return shared(word_.update([shared](std::uint32_t word)
                                   MILLPOND_INLINED { return shared(word) ? word - one_owner : word; }));
  }

  /// Effect: removes the owner, if there is exactly one and the word equals `seen`. Returns: whether it did;
  /// if so, the caller must free the block.
  MILLPOND_HOT bool claim(std::uint32_t seen) {
    const auto claimed = [seen](std::uint32_t word)
                             MILLPOND_INLINED { return word == seen ? word - one_owner : word; };
    return ownersIn(seen) == 1 && word_.update(claimed) == seen;
  }

 private:
  // The bytes are in the low bits, the owners above them.
  static constexpr std::uint32_t one_owner = max_size + 1;

  Word word_;
};

}  // namespace millpond
