// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/DeviceOptions.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/HttpOption.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/commands/TlsOptions.h"
#include "cli/commands/Verdict.h"
#include "cli/device/DeviceMemory.h"
#include "cli/device/DeviceRun.h"
#include "cli/http/DeviceView.h"
#include "cli/receiver/HostPort.h"
#include "cli/show/LiveTable.h"
#include "cli/show/OutageNotice.h"
#include "cli/show/Print.h"
#include "sizing/Counters.h"

namespace millpond::cli {

namespace {

constexpr std::chrono::milliseconds look_interval{100};

struct StreamOptions {
  DeviceOptions device;
  HttpOption http;
  std::string to;
  TlsOptions tls;
  bool json = false;
};

void watch(DeviceRun& device, const StreamOptions& options) {
  LiveTable table(stdout);
  OutageNotice notice;
  while (!device.done()) {
    if (interrupted()) device.end();
    device.drainTrace();
    const Progress progress = device.progress();
    if (!options.json) table.show(progress);
    if (const std::string reason = notice.news(progress.uplink); !reason.empty()) {
      table.say(fmt::format("millpond: no delivery to {}: {}; still trying", options.to, reason));
    }
    std::this_thread::sleep_for(look_interval);
  }
  if (!options.json) table.show(device.progress(), true);
}

void printResult(const DeviceResult& result) {
  const streamer::SampleAccount& account = result.account;
  print("\n  captured {}, delivered {}, dropped {} in {} ranges, unconfirmed {}; platform heap calls {}\n",
        account.captured, account.delivered, account.dropped, account.dropRanges(), account.unconfirmed,
        result.platform_heap_calls);
  for (const std::string& line :
       sizing::whatIfLines(sizing::countersOf(deviceMemory(), result.soundSeconds()))) {
    print("  {}\n", line);
  }
}

int stream(const StreamOptions& options) {
  const HostPort to = HostPort::parse(options.to);
  const std::optional<DeviceCredentials> credentials = options.tls.forDevice(to.host);
  catchInterrupt();
  catchHangup();
  Input input = options.device.openInput();
  const Pace pace = options.device.pace(input, {});
  const streamer::Uplink::Config uplink = options.device.uplink();
  DeviceRun device(
      input, pace, uplink, [to] { return to.resolve(); }, credentials, options.device.trace);
  auto server = options.http.serve(viewOf(device));
  device.start();
  watch(device, options);
  server.reset();
  const DeviceResult result = device.finish();
  tellWarnings(result.sound);
  if (options.json) {
    writeText(stdout, jsonText(deviceJson(result)));
  } else {
    printResult(result);
  }
  const std::vector<std::string> troubles = troublesOf(result);
  for (const std::string& trouble : troubles) print(stderr, "millpond: {}: {}\n", options.to, trouble);
  return troubles.empty() ? exit_good : exit_failure;
}

}  // namespace

void addStreamCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<StreamOptions>();
  CLI::App* command = app.add_subcommand("stream", "Play the device: stream a recording to a receiver");
  command->add_option("--to", options->to, "HOST:PORT of the receiver")->required()->transform(hostAndPort());
  options->device.addTo(*command);
  options->http.addTo(*command);
  options->tls.addForDevice(*command);
  command->add_flag("--json", options->json, "Print one JSON object and nothing else");
  command->callback([options, &status] { status = stream(*options); });
}

}  // namespace millpond::cli
