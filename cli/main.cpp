// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "millpond/Version.h"

namespace {

// A file or a socket must not get the number of a standard descriptor that is closed. So each is opened in a
// way that makes its use fail, as it would while closed.
void occupyStandardDescriptors() {
  constexpr std::pair<int, int> unusable[] = {
      {STDIN_FILENO, O_WRONLY}, {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_RDONLY}};
  for (const auto& [descriptor, mode] : unusable) {
    if (::fcntl(descriptor, F_GETFD) < 0) ::open("/dev/null", mode);  // it takes the lowest free number
  }
}

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
  millpond::cli::addTuneCommand(app, status);
  millpond::cli::addReplayCommand(app, status);
  millpond::cli::addTraceCommand(app, status);
  millpond::cli::addFleetCommand(app, status);
  millpond::cli::addTopCommand(app, status);
  app.footer(millpond::cli::exit_status_help);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string more = command->get_footer();
    command->footer(millpond::cli::exit_status_help + (more.empty() ? more : "\n" + more));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    status = app.exit(error, out, err) == 0 ? millpond::cli::exit_good : millpond::cli::exit_usage;
    millpond::cli::writeText(stdout, out.str());
    millpond::cli::writeText(stderr, err.str());
  }
  return status;
}

int executeOrTell(int argc, char** argv) {
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

}  // namespace

int main(int argc, char** argv) {
  occupyStandardDescriptors();
  // A peer or a pipe that goes away, and a file that grows too large, are errors where they happen.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const int status = executeOrTell(argc, argv);
  millpond::cli::flushText(stdout);
  const std::error_code error = millpond::cli::outputError();
  if (!error) return status;
  std::fprintf(stderr, "millpond: cannot write to standard output: %s\n", error.message().c_str());
  return millpond::cli::exit_failure;
}
