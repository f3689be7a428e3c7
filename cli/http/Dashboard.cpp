// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/Dashboard.h"

#include "cli/http/DashboardParts.h"
#include "page/PageTemplate.h"
#include "page/SharedParts.h"

namespace millpond::cli {

const std::string& dashboardPage() {
  static const std::string page =
      page::filledPage(dashboard_parts.html, {{"style", dashboard_parts.style},
                                              {"script", dashboard_parts.script},
                                              {"dygraph", page::shared_parts.dygraph},
                                              {"dygraph_style", page::shared_parts.dygraph_style}});
  return page;
}

}  // namespace millpond::cli
