// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

namespace millpond::test {

/// Effect: the connections of this program take `bytes` more bytes; then one send fails as when the peer
/// resets the connection, and all is as usual again.
void breakAfter(std::size_t bytes);

}  // namespace millpond::test
