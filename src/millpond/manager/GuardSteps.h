// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/Hot.h"
#include "millpond/guard/Marks.h"

namespace millpond {

struct ManagerCore;
struct PoolState;

/// The additional steps of an allocation and a free for guards. They are called through pointers, so that a
/// firmware contains only those that its configuration needs.
struct GuardSteps {
  /// Effect: checks block `index`, just taken for `size` bytes, and writes its marks. Not in `claims`.
  void (*onTake)(ManagerCore& core, PoolState& pool, std::uint32_t index, std::size_t size);
  /// Effect: frees block `index`, which starts at `block`. Returns: false if it may not be freed.
  /// Requires: its pool is guarded.
  bool (*onFree)(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block);
  /// Returns: as `guard::firstBreach`, for everything that the tier checks. Not in `claims`.
  std::size_t (*firstBreach)(std::byte* block, std::size_t size, std::size_t granted);
  /// Effect: fills the memory of free blocks. Only in `full`, as is the next.
  void (*poison)(std::byte* memory, std::size_t bytes);
  /// Effect: gives every quarantined block back to its pool.
  void (*giveRested)(ManagerCore& core);

  /// For pools outside the manager without checks.
  static const GuardSteps claims;
  static const GuardSteps light;
  static const GuardSteps fenced;
  static const GuardSteps full;

 private:
  MILLPOND_HOT static bool mayFree(PoolState& pool, std::uint32_t index, const void* block);
  MILLPOND_HOT static bool freeClaimed(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block);
  MILLPOND_HOT static void seal(ManagerCore& core, PoolState& pool, std::uint32_t index, std::size_t size);
  MILLPOND_HOT static bool freeSealed(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block);
  MILLPOND_HOT static void checkSeal(ManagerCore& core, const PoolState& pool, std::uint32_t index);
  MILLPOND_HOT static void sealFenced(ManagerCore& core, PoolState& pool, std::uint32_t index,
                                      std::size_t size);
  MILLPOND_HOT static bool freeFenced(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block);
  MILLPOND_HOT static void checkFence(ManagerCore& core, const PoolState& pool, std::uint32_t index);
  MILLPOND_HOT static void takePoisoned(ManagerCore& core, PoolState& pool, std::uint32_t index,
                                        std::size_t size);
  MILLPOND_HOT static bool freePoisoned(ManagerCore& core, PoolState& pool, std::uint32_t index, void* block);
  MILLPOND_HOT static void fillPoison(std::byte* memory, std::size_t bytes);
  MILLPOND_HOT static void endRest(ManagerCore& core);
  MILLPOND_HOT static void giveBack(ManagerCore& core, void* block);
};

}  // namespace millpond
