// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::cli {

/// Effect: from now on SIGINT and SIGTERM are noted instead of ending the program, which one that comes two
/// seconds later does at once, whatever the program is waiting for. The first writes a byte to `wake`, unless
/// that is -1.
void catchInterrupt(int wake = -1);
/// Effect: the same for SIGHUP, unless it is ignored, as under nohup.
void catchHangup();

/// Whether one of them came.
bool interrupted();

}  // namespace millpond::cli
