// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/FleetTuning.h"
#include "cli/commands/OptionValues.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "cli/show/ReportFile.h"
#include "cli/show/ShareBar.h"
#include "cli/show/TuningText.h"
#include "sizing/ConfigHeader.h"
#include "sizing/Counters.h"
#include "sizing/Page.h"
#include "sizing/TraceWorkload.h"
#include "sizing/Tuning.h"
#include "sizing/TuningJson.h"

namespace millpond::cli {

namespace {

constexpr double usual_horizon = 30 * 86400.0;
constexpr double usual_risk = 1e-3;

struct TuneOptions {
  std::vector<std::string> traces;
  std::vector<std::string> live;
  double horizon = 0;  // 0: none
  double risk = 0;
  std::uint64_t budget = 0;
  std::vector<std::string> at_most;
  std::string header;
  std::string html;
  FleetTuning fleet;
  bool json = false;
};

sizing::TuningGoal goalOf(const TuneOptions& options) {
  sizing::TuningGoal goal;
  if (options.horizon > 0 || options.risk > 0) {
    goal.horizon = sizing::Horizon{options.horizon > 0 ? options.horizon : usual_horizon,
                                   options.risk > 0 ? options.risk : usual_risk};
  }
  if (options.budget != 0) goal.budget = options.budget;
  for (const std::string& bound : options.at_most) {
    const std::size_t equals = bound.rfind('=');
    const std::string source = bound.substr(0, equals);
    if (goal.at_most.contains(source)) throw UsageError("--at-most " + source + " is given more than once");
    goal.at_most[source] = static_cast<std::uint32_t>(std::stoul(bound.substr(equals + 1)));
  }
  return goal;
}

std::string commandOf(const TuneOptions& options) {
  std::string command = fmt::format("millpond tune {}", fmt::join(options.traces, " "));
  for (const std::string& file : options.live) command += " --live " + file;
  if (options.horizon > 0) command += fmt::format(" --horizon {}s", options.horizon);
  if (options.risk > 0) command += fmt::format(" --risk {}", options.risk);
  if (options.budget != 0) command += fmt::format(" --budget {}", options.budget);
  for (const std::string& bound : options.at_most) command += " --at-most " + bound;
  return command + " --header " + options.header;
}

// The bytes of a trace's files, for the share that is read.
double bytesOf(const std::string& folder) {
  double bytes = 1;
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
    bytes += static_cast<double>(file.file_size(ignored));
  }
  return bytes;
}

sizing::Workload readTraces(const TuneOptions& options, ShareBar& bar) {
  constexpr double bytes_an_event = 18;
  constexpr double share_of_reading = 0.6;
  sizing::Workload workload;
  const auto traces = static_cast<double>(options.traces.size());
  for (const std::string& folder : options.traces) {
    const double bytes = bytesOf(folder);
    const auto before = static_cast<double>(workload.devices.size());
    sizing::addTrace(workload, folder, [&](std::uint64_t events) {
      const double read = std::min(1.0, static_cast<double>(events) * bytes_an_event / bytes);
      bar.show(share_of_reading * (before + read) / traces);
    });
  }
  return workload;
}

sizing::Tuning tuneTraces(const TuneOptions& options, const sizing::Counters& live) {
  ShareBar bar(stderr, "traces", static_cast<double>(options.traces.size()));
  const sizing::Workload workload = readTraces(options, bar);
  sizing::TuningGoal goal = goalOf(options);
  goal.progress = [&bar](double share) { bar.show(0.6 + 0.4 * share); };
  for (const sizing::PoolCounters& pool : live.pools) goal.live[pool.size.name] = pool.leastBlocks();
  sizing::Tuning tuning = sizing::tune(workload, goal);
  if (!options.html.empty()) writeReportFile(options.html, sizing::tuningPage(workload, tuning));
  return tuning;
}

// Counters alone say how few blocks would have done, and nothing beyond.
int tuneCounters(const TuneOptions& options, const sizing::Counters& live) {
  if (options.horizon > 0 || options.risk > 0 || options.budget != 0 || !options.at_most.empty() ||
      !options.header.empty() || !options.html.empty()) {
    throw UsageError(
        "--horizon, --risk, --budget, --at-most, --header and --html need a TRACE: counters do not say "
        "enough "
        "for them");
  }
  if (options.json) {
    writeText(stdout, jsonText(sizing::toJson(live)));
  } else {
    print("{}", countersText(live));
  }
  return exit_good;
}

int tune(const TuneOptions& options) {
  if (!options.fleet.url.empty()) {
    FleetTuning fleet = options.fleet;
    fleet.json = options.json;
    tuneFleet(fleet);
    return exit_good;
  }
  if (options.traces.empty() && options.live.empty()) {
    throw UsageError(
        "give the folder of a TRACE, --live FILE with the counters of a device, or --prometheus URL");
  }
  if (!options.header.empty()) checkReportFile(options.header);
  if (!options.html.empty()) checkReportFile(options.html);
  const sizing::Counters live =
      options.live.empty() ? sizing::Counters() : sizing::readCounters(options.live);
  if (options.traces.empty()) return tuneCounters(options, live);
  const sizing::Tuning tuning = tuneTraces(options, live);
  if (options.json) {
    writeText(stdout, jsonText(sizing::toJson(tuning)));
  } else {
    print("{}", tuningText(tuning));
    if (!options.live.empty()) print("\n{}", countersText(live));
  }
  if (!tuning.abstained.empty()) {
    if (!options.header.empty()) print(stderr, "millpond: no answer, so {} is not written\n", options.header);
    return exit_abstained;
  }
  if (!options.header.empty()) {
    writeReportFile(options.header, sizing::configHeader(tuning, commandOf(options)));
  }
  return exit_good;
}

}  // namespace

void addTuneCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<TuneOptions>();
  CLI::App* command =
      app.add_subcommand("tune", "Compute the pools that devices need from their traces or counters");
  auto* traces = command->add_option("TRACE", options->traces, "Folders of traces, each of one device's life")
                     ->transform(someText());
  auto* live = command
                   ->add_option("--live", options->live,
                                "What run --json or stream --json printed, of one or many devices")
                   ->transform(someText());
  command->add_option("--budget", options->budget, "The most bytes that the pools may take")
      ->transform(byteCount());
  command
      ->add_option("--horizon", options->horizon,
                   "How long the pools must last beyond the traces; 30d if only --risk is given")
      ->transform(duration());
  command
      ->add_option(
          "--risk", options->risk,
          "The probability that a pool is exhausted within the horizon; 1e-3 if only --horizon is given")
      ->transform(numberFrom(1e-9, 0.5));
  command
      ->add_option("--at-most", options->at_most,
                   "The most blocks that a source can ever hold, as its firmware guarantees")
      ->transform(nameAndCount())
      ->take_all();
  command->add_option("--header", options->header, "Write the answer as a MemoryConfig")
      ->transform(someText());
  command->add_option("--html", options->html, "Write a page about it that needs no network")
      ->transform(someText());
  auto* prometheus =
      command
          ->add_option("--prometheus", options->fleet.url,
                       "URL of a Prometheus that scrapes devices: the pools that serve 99.9 % of them")
          ->transform(someText())
          ->excludes(traces)
          ->excludes(live);
  for (const char* other : {"--budget", "--horizon", "--risk", "--at-most", "--header", "--html"}) {
    prometheus->excludes(command->get_option(other));
  }
  command->add_option("--range", options->fleet.range_s, "With --prometheus: the time to look back")
      ->transform(duration())
      ->default_str("30d")
      ->needs(prometheus);
  command
      ->add_option("--prometheus-token", options->fleet.token_file,
                   "With --prometheus: file whose first line is its bearer token")
      ->transform(someText())
      ->needs(prometheus);
  command->add_flag("--json", options->json, "Print one JSON object and nothing else");
  command->footer("docs/tuning.md goes from a fresh device to a tuned header.");
  command->callback([options, &status] { status = tune(*options); });
}

}  // namespace millpond::cli
