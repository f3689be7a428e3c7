// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/Hot.h"

namespace millpond {

struct ManagerCore;

/// The base of a `StaticBuffer`: its entry in the manager's list.
class StaticBufferNode {
 public:
  StaticBufferNode(const StaticBufferNode&) = delete;
  StaticBufferNode& operator=(const StaticBufferNode&) = delete;

  const char* name() const { return name_; }
  MILLPOND_INLINE std::size_t bytes() const { return bytes_; }
  MILLPOND_INLINE const StaticBufferNode* next() const { return next_; }

 protected:
  StaticBufferNode(ManagerCore& core, const char* name, std::size_t bytes);
  ~StaticBufferNode();

 private:
  ManagerCore& core_;
  StaticBufferNode* next_;
  const char* name_;
  std::size_t bytes_;
};

}  // namespace millpond
