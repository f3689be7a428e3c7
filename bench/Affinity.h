// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::bench {

/// Effect: keeps the calling thread on the processor that is the `thread`-th this process may use; where
/// there are fewer, threads share.
void pinTo(int thread);

/// Processors that this process may use.
int processors();

}  // namespace millpond::bench
