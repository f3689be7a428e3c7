// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "cli/http/HttpServer.h"

namespace millpond::cli {

/// The options of a command that can be read over HTTP while it runs.
struct HttpOption {
  std::string listen;
  std::string token_file;

  /// `shown` is what --help says is shown.
  void addTo(CLI::App& command, const char* shown = "the memory in a browser and to Prometheus");
  /// Effect: serves `content` until the result is destroyed, in the `background` where sound matters more,
  /// and says where on standard error. Returns: nullptr without --http. Throws `Error`.
  std::unique_ptr<HttpServer> serve(HttpContent content, bool background = true) const;
};

}  // namespace millpond::cli
