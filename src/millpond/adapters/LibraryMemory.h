// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "millpond/MemoryManager.h"

namespace millpond {

/// Up to four pools, each for larger requests than the one before.
struct PoolList {
  static constexpr std::size_t capacity = 4;

  constexpr PoolList() = default;
  /// Requires: four ids at most, or it does not compile. Context: any.
  template <std::same_as<PoolId>... Ids>
  constexpr PoolList(Ids... list)  // NOLINT(google-explicit-constructor): a list is written as one
      : ids{list...}, count(sizeof...(list)) {
    static_assert(sizeof...(list) <= capacity, "Millpond: a library uses at most four pools");
  }

  std::array<PoolId, capacity> ids{};
  std::size_t count = 0;
};

/// Which pools serve a library that asks for memory by size alone.
struct LibraryPools {
  /// A request goes to the first pool that could ever serve it. If that pool is exhausted the request fails:
  /// it never takes a larger block, so small objects cannot use up the blocks of large ones.
  PoolList pools;
  /// The source of the library's blocks: see `MemoryManager`.
  const char* source = nullptr;
  /// Whether the heap fallback serves what the pools cannot.
  bool heap = false;
};

/// The result of binding a library to a memory manager.
enum class Binding : std::uint8_t {
  accepted,
  /// No pool is named.
  no_pool,
  /// The manager has no pool with one of the ids, or the pool has no blocks.
  no_such_pool,
  /// A pool serves nothing that the pool before it does not serve.
  not_ascending,
  /// The library is bound to a manager already, this one or another: `unbind` first.
  already_bound,
};

/// The memory of a C library whose hooks are plain `malloc`, `calloc` and `free`, without a context: an
/// object per library and program. It exists before any constructor runs. A library that is not bound gets no
/// memory.
///
/// Every failure is counted by the pool that should have served, every wrong free by the pool of the pointer.
class LibraryMemory {
 public:
  constexpr LibraryMemory() = default;
  LibraryMemory(const LibraryMemory&) = delete;
  LibraryMemory& operator=(const LibraryMemory&) = delete;

  /// Effect: serves the library from these pools of `memory`, which must outlive the binding. Requires: no
  /// call of the library is in progress. Returns: accepted, or the reason for the refusal, with nothing
  /// changed. Context: task.
  Binding bind(MemoryManager& memory, const LibraryPools& pools);
  /// Effect: ends the binding. Requires: no call of the library is in progress, and the library has given all
  /// memory back. Context: task.
  void unbind() { memory_ = nullptr; }
  bool isBound() const { return memory_ != nullptr; }
  /// Returns: how many requests got no memory. It never falls, and stays at 2^32 - 1. Context: any.
  std::uint32_t failures() const { return failures_.load(); }

  /// Returns: `size` bytes, or nullptr: not bound, size 0, or no memory. Cost: `MemoryManager::allocate`'s,
  /// and a comparison for each pool. Context: as `MemoryManager::allocate`.
  [[nodiscard]] void* allocate(std::size_t size);
  /// As `allocate`, for `count` times `size` zeroed bytes. A product that overflows counts as oversize.
  [[nodiscard]] void* allocateZeroed(std::size_t count, std::size_t size);
  /// Effect: gives the block back; nothing for nullptr, or if the library is not bound. Context: as
  /// `MemoryManager::deallocate`.
  void free(void* pointer);

 private:
  void* allocateFrom(MemoryManager& memory, std::size_t size) const;

  MemoryManager* memory_ = nullptr;
  Word failures_;
  LibraryPools pools_{};
  std::array<std::size_t, PoolList::capacity> largest_{};  // the largest request of each pool
};

}  // namespace millpond
