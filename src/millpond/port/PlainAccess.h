// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::port {

/// A core's plain accesses to a word or a byte: one instruction each, which the compiler may not merge.
struct PlainAccess {
  template <class T>
  [[gnu::always_inline]] static T load(const T& word) {
    return __atomic_load_n(&word, __ATOMIC_RELAXED);
  }
  template <class T>
  [[gnu::always_inline]] static void store(T& word, T value) {
    __atomic_store_n(&word, value, __ATOMIC_RELAXED);
  }
};

}  // namespace millpond::port
