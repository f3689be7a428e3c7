// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::cli {

/// Effect: from now on the first SIGINT or SIGTERM is recorded instead of ending the program. Another one at
/// least two seconds later ends the program at once, whatever it waits for. The first writes a byte to
/// `wake`, unless that is -1.
void catchInterrupt(int wake = -1);
/// Effect: the same for SIGHUP, unless it is ignored, as under nohup.
void catchHangup();

/// Whether such a signal came.
bool interrupted();

}  // namespace millpond::cli
