// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string_view>

namespace millpond::sizing {

/// The page's own files, which the build embeds. Style and charts are those of the lab's report.
struct PageParts {
  std::string_view html, script;
};

extern const PageParts page_parts;

}  // namespace millpond::sizing
