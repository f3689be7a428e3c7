// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

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
  MILLPOND_INLINE SharedBuffer() = default;
  /// Effect: the only owner of the buffer's block; empty if the buffer is.
  MILLPOND_INLINE SharedBuffer(  // NOLINT(google-explicit-constructor): the same block, owned in another way
      Buffer&& buffer) noexcept
      : core_(buffer.core_), size_(buffer.size_), generation_(buffer.generation_) {
    data_ = static_cast<std::byte*>(buffer.release());
  }
  /// Effect: one more owner; empty if the other is, or the block has 255 owners, or was freed behind them.
  /// Cost: one read-modify-write. Context: any.
  MILLPOND_HOT SharedBuffer(const SharedBuffer& other);
  MILLPOND_INLINE SharedBuffer(SharedBuffer&& other) noexcept { swap(other); }
  MILLPOND_INLINE SharedBuffer& operator=(SharedBuffer other) noexcept {
    swap(other);
    return *this;
  }
  MILLPOND_INLINE ~SharedBuffer() { reset(); }

  /// Whether there is a block.
  MILLPOND_INLINE explicit operator bool() const { return core_ != nullptr; }
  /// The bytes asked for; empty if there is no block.
  std::span<std::byte> bytes() const { return {data_, size_}; }
  MILLPOND_INLINE std::byte* data() const { return data_; }
  MILLPOND_INLINE std::size_t size() const { return size_; }

  /// Effect: gives up this owner's share now, and the block with the last, and leaves the handle empty.
  /// Cost: one read-modify-write; the last owner's also `MemoryManager::deallocate`'s. Context: any.
  MILLPOND_HOT void reset();

 private:
  template <class T>
  MILLPOND_INLINE static void swap(T& a, T& b) {
    const T held = a;
    a = b;
    b = held;
  }
  MILLPOND_INLINE void swap(SharedBuffer& other) {
    swap(core_, other.core_);
    swap(data_, other.data_);
    swap(size_, other.size_);
    swap(generation_, other.generation_);
  }

  ManagerCore* core_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace millpond
