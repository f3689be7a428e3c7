// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::lab {

/// The files that a page consists of. The build embeds them in the program: ours from page/, and the system's
/// d3.
struct ReportParts {
  std::string_view html, style, script, d3;
};

extern const ReportParts report_parts;

}  // namespace millpond::lab
