// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <functional>
#include <string>

#include "trace/TraceReader.h"

namespace millpond::trace {

/// Takes the next part of the text.
using Write = std::function<void(const std::string&)>;

/// Effect: writes a row for each event, after one with the names of the columns.
void exportCsv(TraceReader& reader, const Write& write);

/// Effect: writes JSON in Chrome's trace event format: for each pool a counter of bytes requested, and for
/// each block a span from its allocation to its free, in a track by pool. Blocks that are still held at the
/// end end with the trace.
void exportPerfetto(TraceReader& reader, const Write& write);

}  // namespace millpond::trace
