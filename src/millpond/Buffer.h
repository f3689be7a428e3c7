// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "millpond/Hot.h"

namespace millpond {

class MemoryManager;
class SharedBuffer;

/// The owner of one block: gives it back on scope exit. Move-only; made by `MemoryManager::audioBuffer` and
/// its siblings; empty where they had no memory.
///
/// It knows which holding of the block it is, so where the block was freed behind its back and belongs to
/// somebody else by now, its own free is refused and counted instead of doing harm. (Not in the few
/// instructions in which that somebody has just taken it; and a block of the heap fallback is known by its
/// address only.)
///
///     if (Buffer buffer = memory.audioBuffer(4096, "capture")) fill(buffer.bytes());
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept
      : manager_(std::exchange(other.manager_, nullptr)),
        bytes_(std::exchange(other.bytes_, {})),
        generation_(other.generation_) {}
  Buffer& operator=(Buffer&& other) noexcept {
    if (this != &other) {
      reset();
      manager_ = std::exchange(other.manager_, nullptr);
      bytes_ = std::exchange(other.bytes_, {});
      generation_ = other.generation_;
    }
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { reset(); }

  /// Whether there is a block.
  explicit operator bool() const { return manager_ != nullptr; }
  /// The bytes asked for; empty where there is no block.
  std::span<std::byte> bytes() const { return bytes_; }
  std::byte* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }

  /// Effect: gives the block back now and leaves the handle empty. Cost: `MemoryManager::deallocate`'s.
  /// Context: any.
  MILLPOND_HOT void reset();

  /// Effect: leaves the handle empty. Returns: the block, which is the caller's to deallocate.
  void* release() {
    manager_ = nullptr;
    return std::exchange(bytes_, {}).data();
  }

 private:
  friend class MemoryManager;
  friend class SharedBuffer;
  Buffer(MemoryManager& manager, void* memory, std::size_t size, std::uint32_t generation)
      : manager_(&manager), bytes_(static_cast<std::byte*>(memory), size), generation_(generation) {}

  MemoryManager* manager_ = nullptr;
  std::span<std::byte> bytes_;
  std::uint32_t generation_ = 0;
};

}  // namespace millpond
