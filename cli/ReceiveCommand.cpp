// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/Commands.h"
#include "cli/DeviceOptions.h"
#include "cli/ExitStatus.h"
#include "cli/OptionValues.h"
#include "cli/Receiver.h"

namespace millpond::cli {

namespace {

struct ReceiveOptions {
  std::string listen = "0.0.0.0:9000";
  std::string out;
  std::string format = "wav";
  std::string wire = "framed";
  std::uint64_t idle_seconds = 60;
  std::size_t max_connections = 64;
  bool once = false;
  bool json = false;
};

ReceiverOptions receiverOptions(const ReceiveOptions& options) {
  return {
      .listen = HostPort::parse(options.listen),
      .folder = options.out,
      .wire = wireOf(options.wire),
      .flac = options.format == "flac",
      .once = options.once,
      .max_connections = options.max_connections,
      .idle_timeout = std::chrono::seconds(options.idle_seconds),
  };
}

int receive(const ReceiveOptions& options) {
  asio::io_context context(1);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  const auto log = [](const std::string& line) { fmt::print(stderr, "millpond: {}\n", line); };
  Receiver receiver(context, receiverOptions(options), log, [&signals] { signals.cancel(); });
  signals.async_wait([&receiver](const asio::error_code& error, int) {
    if (!error) receiver.stop();
  });
  fmt::print(stderr, "millpond: listening on {}\n", receiver.address().text());
  context.run();
  const ReceiverReport report = receiver.report();
  fmt::print("{}", options.json ? report.json().dump(2) + "\n" : report.text());
  return report.write_errors == 0 ? exit_good : exit_failure;
}

}  // namespace

void addReceiveCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ReceiveOptions>();
  CLI::App* command =
      app.add_subcommand("receive", "Take streams over TCP and put each on file, until interrupted");
  command->add_option("--listen", options->listen, "HOST:PORT to listen on; port 0 takes any that is free")
      ->transform(hostAndPort())
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder for the recordings")->required()->transform(someText());
  command->add_option("--format", options->format, "What a stream becomes once it has ended; WAV until then")
      ->check(CLI::IsMember({"wav", "flac"}))
      ->capture_default_str();
  addWireOption(*command, options->wire);
  command->add_flag("--once", options->once, "Stop once a stream has ended");
  command
      ->add_option("--idle-timeout", options->idle_seconds, "Seconds a connection may bring no whole chunk")
      ->transform(wholeNumberFrom(1, 86400))
      ->capture_default_str();
  command->add_option("--max-connections", options->max_connections, "Connections at once")
      ->transform(wholeNumberFrom(1, 4096))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the report as one JSON object and nothing else");
  command->callback([options, &status] { status = receive(*options); });
}

}  // namespace millpond::cli
