// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "page/PageTemplate.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace millpond::page {

std::string filledPage(std::string_view html, const NamedTexts& texts) {
  std::string page;
  std::size_t at = 0;
  for (std::size_t open = 0; (open = html.find("{{", at)) != std::string_view::npos;) {
    const std::size_t close = html.find("}}", open);
    const std::string_view name = html.substr(open + 2, close - open - 2);
    const auto text = std::ranges::find(texts, name, &NamedTexts::value_type::first);
    if (text == texts.end()) throw std::logic_error("page.html asks for an unknown part");
    page += html.substr(at, open - at);
    page += text->second;
    at = close + 2;
  }
  return page.append(html.substr(at));
}

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

}  // namespace millpond::page
