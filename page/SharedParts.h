// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::page {

/// What pages embed from the system.
struct SharedParts {
  std::string_view dygraph, dygraph_style;
};

extern const SharedParts shared_parts;

}  // namespace millpond::page
