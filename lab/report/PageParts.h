// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::lab {

/// The files that a page is made of, which the build puts into the program: ours from page/, and d3 and
/// dygraphs from where the system has them.
struct PageParts {
  std::string_view html, style, script, d3, dygraph;
};

extern const PageParts page_parts;

}  // namespace millpond::lab
