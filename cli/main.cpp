// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "cli/Commands.h"
#include "cli/Error.h"
#include "cli/ExitStatus.h"
#include "cli/Print.h"
#include "millpond/Version.h"

namespace {

std::string failureMessage(const CLI::App* app, const CLI::Error& error) {
  if (!app->get_subcommands().empty()) return fmt::format("millpond: {} (see --help)\n", error.what());
  std::string commands;
  for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
    commands += (commands.empty() ? "" : ", ") + command->get_name();
  }
  return fmt::format("millpond: give one of the commands {} (see millpond --help)\n", commands);
}

int execute(int argc, char** argv) {
  CLI::App app("Millpond: an always-on audio device on memory pools, and its receiver", "millpond");
  app.set_version_flag("--version", "millpond " MILLPOND_VERSION);
  app.require_subcommand(1);
  app.failure_message(&failureMessage);
  int status = millpond::cli::exit_good;
  millpond::cli::addRunCommand(app, status);
  millpond::cli::addStreamCommand(app, status);
  millpond::cli::addReceiveCommand(app, status);
  millpond::cli::addSoakCommand(app, status);
  millpond::cli::addCompareCommand(app, status);
  app.footer(millpond::cli::exit_status_help);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string more = command->get_footer();
    command->footer(millpond::cli::exit_status_help + (more.empty() ? more : "\n" + more));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? millpond::cli::exit_good : millpond::cli::exit_usage;
  }
  millpond::cli::flushText(stdout);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // A peer or a pipe that goes away, and a file that grows too large, are errors where they happen.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return execute(argc, argv);
  } catch (const millpond::cli::UsageError& error) {
    std::fprintf(stderr, "millpond: %s (see --help)\n", error.what());
    return millpond::cli::exit_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "millpond: %s\n", error.what());
    return millpond::cli::exit_failure;
  }
}
