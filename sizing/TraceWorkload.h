// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sizing/Workload.h"

namespace millpond::sizing {

/// Effect: appends the life in the trace in `folder` to `workload`. Calls `progress` now and then with the
/// events read so far. Throws: `SizingError` if it has no requests or if its pools are not those of the
/// other devices; `trace::TraceError` if it cannot be read.
void addTrace(Workload& workload, const std::string& folder,
              const std::function<void(std::uint64_t)>& progress = {});

}  // namespace millpond::sizing
