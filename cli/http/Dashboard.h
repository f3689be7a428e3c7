// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>

namespace millpond::cli {

/// The page that shows a device in a browser, in one piece.
const std::string& dashboardPage();

}  // namespace millpond::cli
