// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "millpond/Buffer.h"
#include "millpond/Hot.h"

namespace millpond {

/// One of several owners of a block, which is given back when the last of them goes: so that one capture
/// buffer goes to the network, a recorder and a level meter without a copy. Made of a `Buffer`.
///
/// The owners are counted in the block's ledger entry, up to 255; nothing is in the block, nothing allocated.
/// Handles of one block may be copied and dropped by several tasks and interrupts at once; one handle object
/// may not. The owners read the bytes at will; if one writes, they must agree on it.
///
///     SharedBuffer samples = memory.audioBuffer(4096, "capture");
///     recorder.take(samples);  // a copy of the handle, not of the bytes
class SharedBuffer {
 public:
  SharedBuffer() = default;
  /// Effect: the only owner of the buffer's block; empty where the buffer is.
  SharedBuffer(
      Buffer&& buffer) noexcept;  // NOLINT(google-explicit-constructor): the same block, owned in another way
  /// Effect: one more owner; empty where the other is, or the block has 255 owners, or was freed behind them.
  /// Cost: one read-modify-write. Context: any.
  MILLPOND_HOT SharedBuffer(const SharedBuffer& other);
  SharedBuffer(SharedBuffer&& other) noexcept
      : manager_(std::exchange(other.manager_, nullptr)),
        bytes_(std::exchange(other.bytes_, {})),
        generation_(other.generation_) {}
  SharedBuffer& operator=(SharedBuffer other) noexcept {
    std::swap(manager_, other.manager_);
    std::swap(bytes_, other.bytes_);
    std::swap(generation_, other.generation_);
    return *this;
  }
  ~SharedBuffer() { reset(); }

  /// Whether there is a block.
  explicit operator bool() const { return manager_ != nullptr; }
  /// The bytes asked for; empty where there is no block.
  std::span<std::byte> bytes() const { return bytes_; }
  std::byte* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }

  /// Effect: gives up this owner's share now, and the block with the last, and leaves the handle empty.
  /// Cost: one read-modify-write; the last owner's also `MemoryManager::deallocate`'s. Context: any.
  MILLPOND_HOT void reset();

 private:
  MemoryManager* manager_ = nullptr;
  std::span<std::byte> bytes_;
  std::uint32_t generation_ = 0;
};

}  // namespace millpond
