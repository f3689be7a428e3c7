// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cerrno>
#include <cstddef>

namespace millpond::test {

/// Effect: the connections of this program take `bytes` more bytes, then one send fails with `error`; with
/// EAGAIN all of them do, as for a peer that does not read.
void breakAfter(std::size_t bytes, int error = ECONNRESET);
/// Effect: all is as usual again.
void breakNever();

}  // namespace millpond::test
