// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Page.h"

#include <nlohmann/json.hpp>

#include "lab/report/PageParts.h"
#include "page/PageTemplate.h"

namespace millpond::lab {

std::string reportPage(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                       const std::vector<PolicySummary>& summaries) {
  const std::string data = page::embeddable(pageData(subject, runs, summaries));
  return page::filledPage(
      page_parts.html,
      {{"style", page_parts.style}, {"script", page_parts.script}, {"d3", page_parts.d3}, {"data", data}});
}

}  // namespace millpond::lab
