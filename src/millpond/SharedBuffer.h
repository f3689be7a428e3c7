// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/Buffer.h"
#include "millpond/Hot.h"

namespace millpond {

/// One of several owners of a block, which is freed when the last owner is destroyed. This lets one capture
/// buffer go to the network, a recorder and a level meter without a copy. Made from a `Buffer`.
///
/// The block's ledger entry counts the owners, up to 255; nothing is stored in the block and nothing is
/// allocated. Several tasks and interrupts may copy and drop handles of one block at the same time, but not
/// the same handle object. All owners may read the bytes; if one writes, the owners must synchronize.
///
///     SharedBuffer samples = memory.audioBuffer(4096, "capture");
///     recorder.take(samples);  // a copy of the handle, not of the bytes
class SharedBuffer {
 public:
  /// An empty handle.
  MILLPOND_INLINE SharedBuffer() = default;
  /// Effect: becomes the only owner of the buffer's block; empty if the buffer is. Context: any.
  MILLPOND_INLINE SharedBuffer(  // NOLINT(google-explicit-constructor): the same block, owned in another way
      Buffer&& buffer) noexcept
      : core_(buffer.core_), size_(buffer.size_), generation_(buffer.generation_) {
    data_ = static_cast<std::byte*>(buffer.release());
  }
  /// Effect: adds an owner; empty if `other` is, if the block has 255 owners, or if it was freed without its
  /// owners.
  /// Cost: one read-modify-write. Context: any.
  MILLPOND_HOT SharedBuffer(const SharedBuffer& other);
  MILLPOND_INLINE SharedBuffer(SharedBuffer&& other) noexcept { swap(other); }
  MILLPOND_INLINE SharedBuffer& operator=(SharedBuffer other) noexcept {
    swap(other);
    return *this;
  }
  MILLPOND_INLINE ~SharedBuffer() { reset(); }

  /// Whether the handle has a block.
  MILLPOND_INLINE explicit operator bool() const { return core_ != nullptr; }
  /// The requested bytes; empty if there is no block.
  std::span<std::byte> bytes() const { return {data_, size_}; }
  MILLPOND_INLINE std::byte* data() const { return data_; }
  MILLPOND_INLINE std::size_t size() const { return size_; }

  /// Effect: gives up this owner's share now, and frees the block if it was the last owner; leaves the handle
  /// empty.
  /// Cost: one read-modify-write; for the last owner also `MemoryManager::deallocate`'s. Context: any.
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
