// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/Buffer.h"
#include "millpond/base/Require.h"

namespace millpond {

/// The owner of one object in a pool's block: destroys the object and frees the block on scope exit.
/// Move-only; made by `MemoryManager::create`; empty if the pool had no block.
///
/// Only the handle may free the block: it runs the destructor without asking whether the block is still its
/// own.
///
///     Object<Session> session = memory.create<Session>(objects, "session", socket);
///     if (session) session->start();
template <class T>
class Object {
 public:
  /// An empty handle.
  Object() = default;
  /// Effect: takes the object of `other`, which becomes empty; destroys the object held before. Context: any
  /// in which the destructor may run.
  Object(Object&& other) noexcept : block_(static_cast<Buffer&&>(other.block_)), object_(other.object_) {
    other.object_ = nullptr;
  }
  /// As the constructor.
  Object& operator=(Object&& other) noexcept {
    if (this != &other) {
      destroy();
      block_ = static_cast<Buffer&&>(other.block_);
      object_ = other.object_;
      other.object_ = nullptr;
    }
    return *this;
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  ~Object() { destroy(); }

  /// Whether the handle has an object.
  explicit operator bool() const { return object_ != nullptr; }
  /// The object, or nullptr.
  T* get() const { return object_; }
  /// Requires: there is an object.
  T& operator*() const {
    MILLPOND_REQUIRE(object_ != nullptr);
    return *object_;
  }
  /// Requires: there is an object.
  T* operator->() const {
    MILLPOND_REQUIRE(object_ != nullptr);
    return object_;
  }

  /// Effect: destroys the object and frees its block now. Cost: the destructor's and `Buffer::reset`'s.
  /// Context: any in which the destructor may run.
  void destroy() {
    if (object_ == nullptr) return;
    object_->~T();
    object_ = nullptr;
    block_.reset();
  }

 private:
  friend class MemoryManager;
  Object(Buffer&& block, T* object) : block_(static_cast<Buffer&&>(block)), object_(object) {}

  Buffer block_;
  T* object_ = nullptr;
};

}  // namespace millpond
