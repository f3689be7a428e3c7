// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Page.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "lab/report/PageParts.h"

namespace millpond::lab {

namespace {

// A "<" in a text must neither end the element that contains the data ("</script>") nor hide the end of it
// ("<!--<script>"). In JSON it occurs in strings only.
std::string embeddable(const nlohmann::json& data) {
  const std::string dumped = data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string text;
  for (const char next : dumped) {
    if (next == '<') {
      text += "\\u003c";
    } else {
      text += next;
    }
  }
  return text;
}

}  // namespace

std::string reportPage(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                       const std::vector<PolicySummary>& summaries) {
  const std::string data = embeddable(pageData(subject, runs, summaries));
  const auto part = [&](std::string_view name) -> std::string_view {
    if (name == "style") return page_parts.style;
    if (name == "script") return page_parts.script;
    if (name == "d3") return page_parts.d3;
    if (name == "data") return data;
    throw std::logic_error("page.html asks for an unknown part");
  };
  const std::string_view html = page_parts.html;
  std::string page;
  std::size_t at = 0;
  for (std::size_t open = 0; (open = html.find("{{", at)) != std::string_view::npos;) {
    const std::size_t close = html.find("}}", open);
    page += html.substr(at, open - at);
    page += part(html.substr(open + 2, close - open - 2));
    at = close + 2;
  }
  page += html.substr(at);
  return page;
}

}  // namespace millpond::lab
