// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Hot.h"

namespace millpond {

struct ManagerCore;
class SharedBuffer;

/// The owner of one block: frees it on scope exit. Move-only; made by `MemoryManager::audioBuffer` and its
/// siblings; empty if they had no memory.
///
/// It identifies its own allocation of the block. If the block was freed without the handle and now belongs
/// to another caller, the handle's free is therefore refused and counted, and does no harm. (Two exceptions:
/// the few instructions in which that caller is just taking the block, and a block of the heap fallback,
/// which is identified by its address only.)
///
///     if (Buffer buffer = memory.audioBuffer(4096, "capture")) fill(buffer.bytes());
class Buffer {
 public:
  /// An empty handle.
  MILLPOND_INLINE Buffer() = default;
  /// Effect: takes the block of `other`, which becomes empty; frees the block held before. Cost: the free's.
  /// Context: any.
  MILLPOND_INLINE Buffer(Buffer&& other) noexcept { moveFrom(other); }
  MILLPOND_INLINE Buffer& operator=(Buffer&& other) noexcept {
    if (this != &other) {
      reset();
      moveFrom(other);
    }
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  MILLPOND_INLINE ~Buffer() { reset(); }

  /// Whether the handle has a block.
  MILLPOND_INLINE explicit operator bool() const { return core_ != nullptr; }
  /// The requested bytes; empty if there is no block.
  std::span<std::byte> bytes() const { return {data_, size_}; }
  MILLPOND_INLINE std::byte* data() const { return data_; }
  MILLPOND_INLINE std::size_t size() const { return size_; }

  /// Effect: frees the block now and leaves the handle empty. Cost: `MemoryManager::deallocate`'s. Context:
  /// any.
  MILLPOND_HOT void reset();

  /// Effect: leaves the handle empty. Returns: the block, which the caller must deallocate. Context: any.
  MILLPOND_INLINE void* release() {
    void* const block = data_;
    core_ = nullptr;
    data_ = nullptr;
    size_ = 0;
    return block;
  }

 private:
  friend struct ManagerCore;
  friend class SharedBuffer;
  MILLPOND_INLINE Buffer(ManagerCore& core, void* block, std::size_t size, std::uint32_t generation)
      : core_(&core), data_(static_cast<std::byte*>(block)), size_(size), generation_(generation) {}
  MILLPOND_INLINE void moveFrom(Buffer& other) {
    core_ = other.core_;
    size_ = other.size_;
    generation_ = other.generation_;
    data_ = static_cast<std::byte*>(other.release());
  }

  ManagerCore* core_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace millpond
