// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/Dashboard.h"

#include "cli/http/PageParts.h"
#include "page/PageParts.h"
#include "page/PageTemplate.h"

namespace millpond::cli {

const std::string& dashboardPage() {
  static const std::string page =
      page::filledPage(page_parts.html, {{"style", page_parts.style},
                                         {"script", page_parts.script},
                                         {"dygraph", page::shared_parts.dygraph},
                                         {"dygraph_style", page::shared_parts.dygraph_style}});
  return page;
}

}  // namespace millpond::cli
