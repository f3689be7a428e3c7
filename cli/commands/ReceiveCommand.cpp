// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <asio/connect_pipe.hpp>
#include <asio/io_context.hpp>
#include <asio/readable_pipe.hpp>
#include <asio/signal_set.hpp>
#include <asio/writable_pipe.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "cli/audio/Descriptor.h"
#include "cli/commands/Commands.h"
#include "cli/commands/DeviceOptions.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/HttpOption.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/commands/ServiceManager.h"
#include "cli/commands/TlsOptions.h"
#include "cli/http/ReceiverView.h"
#include "cli/receiver/Receiver.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "cli/show/Printer.h"
#include "cli/show/UtcTime.h"

namespace millpond::cli {

namespace {

struct ReceiveOptions {
  std::string listen = "127.0.0.1:9000";
  std::string out;
  std::string format = "wav";
  std::string wire = "framed";
  TlsOptions tls;
  HttpOption http;
  std::uint64_t idle_seconds = 60;
  std::optional<double> keep_seconds;
  std::optional<std::uint64_t> keep_free;
  std::size_t max_connections = 64;
  bool once = false;
  bool durable = false;
  bool json = false;
};

KeepLimits keepLimits(const ReceiveOptions& options) {
  KeepLimits keep{.free_bytes = options.keep_free};
  if (options.keep_seconds) keep.age = std::chrono::seconds(static_cast<std::int64_t>(*options.keep_seconds));
  return keep;
}

ReceiverOptions receiverOptions(const ReceiveOptions& options) {
  return {
      .listen = HostPort::parse(options.listen),
      .folder = options.out,
      .wire = wireOf(options.wire),
      .tls = options.tls.forReceiver(),
      .flac = options.format == "flac",
      .once = options.once,
      .durable = options.durable,
      .narrate = true,
      .max_connections = options.max_connections,
      .idle_timeout = std::chrono::seconds(options.idle_seconds),
      .max_streams = std::max<std::size_t>(1024, 2 * options.max_connections),
      .keep = keepLimits(options),
  };
}

std::string timed(const std::string& line) {
  return fmt::format("millpond: {} {}\n", utcText(utcNow()), line);
}

void printReport(const ReceiverReport& report, bool json) {
  writeText(stdout, json ? jsonText(report.json()) : report.text());
  flushText(stdout);
}

/// Effect: makes room for the connections, or says that there is too little.
void requireDescriptors(std::size_t connections, const Receiver::Log& log) {
  constexpr std::size_t own = 128;                   // most of them for readers over HTTP
  const std::size_t wanted = own + 2 * connections;  // a connection has a socket and a file
  const std::size_t most = raiseDescriptorLimit(wanted);
  if (most >= wanted) return;
  log(fmt::format(
      "{} connections need {} descriptors, and the system allows {}: see ulimit -Hn, or LimitNOFILE of "
      "systemd",
      connections, wanted, most));
}

/// Effect: prints the account at every SIGHUP until `signals` is cancelled.
void printAtHangup(asio::signal_set& signals, Receiver& receiver, Printer& printer, bool json) {
  signals.async_wait([&signals, &receiver, &printer, json](const asio::error_code& error, int) {
    if (error) return;
    printAtHangup(signals, receiver, printer, json);
    const bool printed = printer.add([report = receiver.report(), json] {
      try {
        printReport(report, json);
      } catch (const std::exception& failure) {
        print(stderr, "{}", timed(failure.what()));
      }
    });
    if (!printed) {
      receiver.log().say(ReceiverLog::Kind::trouble, 0,
                         "left out the account: standard output is not read, and has one to print already");
    }
  });
}

int receive(const ReceiveOptions& options) {
  Printer lines(static_cast<int>(ReceiverLog::linesFor(options.max_connections)));
  Printer accounts(1);
  const auto log = [&lines](const std::string& line) {
    const bool added = lines.add([text = timed(line)] { writeText(stderr, text); });
    if (!added) throw Error("standard error is not read");  // the line counts as left out
  };
  asio::io_context context(1);
  asio::readable_pipe interrupt(context);
  asio::writable_pipe wake(context);
  asio::connect_pipe(interrupt, wake);
  asio::signal_set hangup(context, SIGHUP);
  ServiceManager manager(context);
  Receiver receiver(context, receiverOptions(options), log, [&] {
    interrupt.cancel();
    hangup.cancel();
    manager.stopping();
  });
  char byte = 0;
  interrupt.async_read_some(asio::buffer(&byte, 1), [&receiver](const asio::error_code& error, std::size_t) {
    if (!error) receiver.stop();
  });
  catchInterrupt(wake.native_handle());
  printAtHangup(hangup, receiver, accounts, options.json);
  requireDescriptors(options.max_connections, log);
  print(stderr, "millpond: listening on {}\n", receiver.address().text());
  if (const std::string exposure = receiver.exposure(); !exposure.empty()) log(exposure);
  auto server = options.http.serve(viewOf(receiver));
  manager.ready("listening on " + receiver.address().text());
  receiver.run();
  server.reset();
  accounts.finish();
  const ReceiverReport report = receiver.report();
  printReport(report, options.json);
  return report.write_errors == 0 ? exit_good : exit_failure;
}

/// As `receive`, but reports the system's errors in the system's words, without those of a library.
int receiveOrSayWhyNot(const ReceiveOptions& options) {
  try {
    return receive(options);
  } catch (const std::system_error& error) {
    throw Error(fmt::format("cannot receive: {}", error.code().message()));
  }
}

}  // namespace

void addReceiveCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<ReceiveOptions>();
  CLI::App* command =
      app.add_subcommand("receive", "Take streams over TCP and put each on file, until interrupted");
  command
      ->add_option("--listen", options->listen,
                   "HOST:PORT to listen on, 0.0.0.0:9000 for every address of this machine; port 0 takes any "
                   "free port")
      ->transform(hostAndPort())
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder for the recordings")->required()->transform(someText());
  command->add_option("--format", options->format, "Format of a stream that has ended; WAV until then")
      ->check(CLI::IsMember({"wav", "flac"}))
      ->capture_default_str();
  command->add_flag("--durable", options->durable,
                    "Acknowledge samples only once the disk has them, so that a power cut loses none");
  command
      ->add_option("--keep", options->keep_seconds,
                   "Remove a recording once its last sample is older than this; all are kept by default")
      ->transform(duration());
  command
      ->add_option("--keep-free", options->keep_free,
                   "Remove the oldest recordings while the disk has less room than this")
      ->transform(diskSpace());
  addWireOption(*command, options->wire);
  options->tls.addForReceiver(*command);
  options->http.addTo(*command, "figures of the streams to Prometheus");
  command->add_flag("--once", options->once, "Stop once a stream has ended");
  command
      ->add_option("--idle-timeout", options->idle_seconds,
                   "Seconds that a connection may go without a whole chunk")
      ->transform(wholeNumberFrom(1, 86400))
      ->capture_default_str();
  command->add_option("--max-connections", options->max_connections, "Most connections at the same time")
      ->transform(wholeNumberFrom(1, 4096))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the report as one JSON object and nothing else");
  command->footer(
      "SIGINT and SIGTERM end it and print the report; a second one, two seconds later or more, ends it at\n"
      "once. SIGHUP prints the report and goes on.");
  command->callback([options, &status] { status = receiveOrSayWhyNot(*options); });
}

}  // namespace millpond::cli
