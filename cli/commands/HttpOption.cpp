// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/HttpOption.h"

#include <fmt/format.h>

#include "cli/commands/OptionValues.h"
#include "cli/show/Print.h"

namespace millpond::cli {

namespace {

// "8080" and ":8080" are of this machine only.
CLI::Validator hostAndPortHere() {
  return {[allowed = hostAndPort()](std::string& text) {
            std::string full = text;
            if (full.find_first_not_of("0123456789") == std::string::npos) full.insert(0, ":");
            if (full.starts_with(':')) full.insert(0, "127.0.0.1");
            if (!allowed(full).empty()) return allowed(text);
            text = full;
            return std::string();
          },
          {}};
}

}  // namespace

void HttpOption::addTo(CLI::App& command, const char* shown) {
  auto* http =
      command
          .add_option(
              "--http", listen,
              fmt::format("HOST:PORT to show {} at; without HOST to this machine only. Port 0 takes any free "
                          "port",
                          shown))
          ->transform(hostAndPortHere());
  command
      .add_option("--http-token", token_file,
                  "With --http: file whose first line is the token that a reader must send")
      ->transform(someText())
      ->needs(http);
}

std::unique_ptr<HttpServer> HttpOption::serve(HttpContent content, bool background) const {
  if (listen.empty()) return nullptr;
  HttpOptions options{HostPort::parse(listen), {}, background};
  if (!token_file.empty()) options.token = HttpOptions::tokenIn(token_file);
  auto server = std::make_unique<HttpServer>(options, std::move(content));
  print(stderr, "millpond: listening on http://{}\n", server->address().text());
  if (const std::string exposure = server->exposure(); !exposure.empty()) {
    print(stderr, "millpond: {}\n", exposure);
  }
  return server;
}

}  // namespace millpond::cli
