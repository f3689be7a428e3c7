// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Page.h"

#include <nlohmann/json.hpp>

#include "lab/report/ReportParts.h"
#include "page/PageTemplate.h"

namespace millpond::lab {

std::string reportPage(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                       const std::vector<PolicySummary>& summaries) {
  const std::string data = page::embeddable(pageData(subject, runs, summaries));
  return page::filledPage(report_parts.html, {{"style", report_parts.style},
                                              {"script", report_parts.script},
                                              {"d3", report_parts.d3},
                                              {"data", data}});
}

}  // namespace millpond::lab
