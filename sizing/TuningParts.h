// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::sizing {

/// The page's own files, which the build embeds. Style and charts are those of the lab's report.
struct TuningParts {
  std::string_view html, script;
};

extern const TuningParts tuning_parts;

}  // namespace millpond::sizing
