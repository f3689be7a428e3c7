// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/Commands.h"
#include "cli/DeviceOptions.h"
#include "cli/ExitStatus.h"
#include "cli/OptionValues.h"
#include "cli/Print.h"
#include "cli/Receiver.h"

namespace millpond::cli {

namespace {

struct ReceiveOptions {
  std::string listen = "127.0.0.1:9000";
  std::string out;
  std::string format = "wav";
  std::string wire = "framed";
  std::uint64_t idle_seconds = 60;
  std::size_t max_connections = 64;
  bool once = false;
  bool durable = false;
  bool json = false;
};

ReceiverOptions receiverOptions(const ReceiveOptions& options) {
  return {
      .listen = HostPort::parse(options.listen),
      .folder = options.out,
      .wire = wireOf(options.wire),
      .flac = options.format == "flac",
      .once = options.once,
      .durable = options.durable,
      .narrate = true,
      .max_connections = options.max_connections,
      .idle_timeout = std::chrono::seconds(options.idle_seconds),
  };
}

void logLine(const std::string& line) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, sizeof "2026-01-02T03:04:05Z"> time{};
  std::strftime(time.data(), time.size(), "%FT%TZ", &utc);
  print(stderr, "millpond: {} {}\n", time.data(), line);
}

void printReport(const ReceiverReport& report, bool json) {
  print("{}", json ? report.json().dump(2) + "\n" : report.text());
  flushText(stdout);
}

/// Effect: prints the account at every SIGHUP, until `signals` are cancelled.
void printAtHangup(asio::signal_set& signals, const Receiver& receiver, bool json) {
  signals.async_wait([&signals, &receiver, json](const asio::error_code& error, int) {
    if (error) return;
    printAtHangup(signals, receiver, json);
    printReport(receiver.report(), json);
  });
}

int receive(const ReceiveOptions& options) {
  asio::io_context context(1);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  asio::signal_set hangup(context, SIGHUP);
  Receiver receiver(context, receiverOptions(options), logLine, [&] {
    signals.cancel();
    hangup.cancel();
  });
  signals.async_wait([&receiver](const asio::error_code& error, int) {
    if (!error) receiver.stop();
  });
  printAtHangup(hangup, receiver, options.json);
  print(stderr, "millpond: listening on {}\n", receiver.address().text());
  if (!receiver.isLocal()) {
    logLine(
        "others than this machine can send here, and nothing protects it: no authentication, no encryption");
  }
  receiver.run();
  const ReceiverReport report = receiver.report();
  printReport(report, options.json);
  return report.write_errors == 0 ? exit_good : exit_failure;
}

}  // namespace

void addReceiveCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ReceiveOptions>();
  CLI::App* command =
      app.add_subcommand("receive", "Take streams over TCP and put each on file, until interrupted");
  command
      ->add_option("--listen", options->listen,
                   "HOST:PORT to listen on, 0.0.0.0:9000 for every address of this machine; port 0 takes any "
                   "that is free")
      ->transform(hostAndPort())
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder for the recordings")->required()->transform(someText());
  command->add_option("--format", options->format, "What a stream becomes once it has ended; WAV until then")
      ->check(CLI::IsMember({"wav", "flac"}))
      ->capture_default_str();
  command->add_flag("--durable", options->durable,
                    "Acknowledge samples only once the disk has them, so that a power cut loses none");
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
  command->footer("SIGINT and SIGTERM end it and print the report; SIGHUP prints it and goes on.");
  command->callback([options, &status] { status = receive(*options); });
}

}  // namespace millpond::cli
