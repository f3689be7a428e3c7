// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::cli {

/// The dashboard's own files, which the build embeds.
struct DashboardParts {
  std::string_view html, style, script;
};

extern const DashboardParts dashboard_parts;

}  // namespace millpond::cli
