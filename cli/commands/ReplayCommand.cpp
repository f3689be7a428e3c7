// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/OptionValues.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "trace/Replay.h"

namespace millpond::cli {

namespace {

struct ReplayOptions {
  std::string folder;
  std::string config;
  bool json = false;
};

int replay(const ReplayOptions& options) {
  const lab::PoolFile pools(options.config);
  trace::TraceReader reader(options.folder);
  const trace::Replayed replayed = trace::replay(reader, pools);
  if (replayed.classes.empty()) {
    throw Error(
        fmt::format("{} has no pool for any class of requests in {}", options.config, options.folder));
  }
  nlohmann::json refused = nlohmann::json::object();
  nlohmann::json exhausted = nlohmann::json::object();
  std::string text = fmt::format("  {:<16}{:>12}{:>12}{:>12}\n", "class", "requests", "exhausted", "refused");
  std::uint64_t failed = 0;
  for (const trace::ReplayedClass& one : replayed.classes) {
    refused[one.name] = one.refused;
    exhausted[one.name] = one.exhausted;
    text += fmt::format("  {:<16}{:>12}{:>12}{:>12}\n", one.name, one.requests, one.exhausted, one.refused);
    failed += one.refused;
  }
  if (options.json) {
    writeText(stdout, jsonText({{"events", replayed.events},
                                {"refused", refused},
                                {"exhausted", exhausted},
                                {"fallback_bytes", replayed.fallback_bytes},
                                {"fallback_peak", replayed.fallback_peak}}));
  } else {
    print("{}: {} events on the pools of {}\n{}  the heap served {} bytes instead, {} at once\n",
          options.folder, replayed.events, options.config, text, replayed.fallback_bytes,
          replayed.fallback_peak);
  }
  return failed == 0 ? exit_good : exit_request_failed;
}

}  // namespace

void addReplayCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Make a trace's requests to the library with other pools");
  command->add_option("DIR", options->folder, "The trace's folder")->required()->transform(someText());
  command->add_option("--config", options->config, "The pools: JSON as millpond tune --json prints it")
      ->required()
      ->transform(someText());
  command->add_flag("--json", options->json, "Print one JSON object and nothing else");
  command->callback([options, &status] { status = replay(*options); });
}

}  // namespace millpond::cli
