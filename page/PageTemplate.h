// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millpond::page {

/// Texts by the names that a page's template has for them.
using NamedTexts = std::vector<std::pair<std::string_view, std::string_view>>;

/// Returns: `html` with each "{{name}}" replaced by the text of that name in `texts`. Throws:
/// std::logic_error if there is none.
std::string filledPage(std::string_view html, const NamedTexts& texts);

/// Returns: `data` as a script element of a page may contain it.
std::string embeddable(const nlohmann::json& data);

}  // namespace millpond::page
