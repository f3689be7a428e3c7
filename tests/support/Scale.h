// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

namespace millpond::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

/// How many operations a long test does where it would do `count` at full speed. A sanitizer makes each some
/// ten times slower and looks at each more closely, so a fifth of them keeps the run short.
constexpr std::size_t scaled(std::size_t count) { return sanitized ? count / 5 : count; }

}  // namespace millpond::test
