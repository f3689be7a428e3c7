// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/LabOptions.h"
#include "cli/commands/OptionValues.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "cli/show/ReportFile.h"
#include "cli/show/ShareBar.h"
#include "lab/policies/Policies.h"
#include "lab/report/Advice.h"
#include "lab/report/BacklogCurve.h"
#include "lab/report/Fleet.h"
#include "lab/report/Page.h"
#include "lab/report/PolicySummary.h"
#include "lab/report/SummaryText.h"
#include "millpond/Version.h"

namespace millpond::cli {

namespace {

constexpr std::uint64_t most_seeds = 100000;
constexpr std::size_t most_jobs = 1024;

struct CompareOptions {
  std::vector<std::string> policies = lab::policyNames();
  std::string scenario = lab::builtInScenarios().front();
  double days = 30;
  std::uint64_t seeds = 10;
  std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::uint32_t> backlogs;  // beside the scenario's own
  std::string html;
  bool json = false;
};

/// Rejects options with which no run could start or a device would count twice. Tries a user's allocator in a
/// separate process first.
void check(const lab::Scenario& scenario, const CompareOptions& options) {
  const std::vector<std::string>& policies = options.policies;
  for (const std::uint32_t bytes : options.backlogs) {
    const lab::Scenario changed = lab::withBacklog(scenario, bytes);
    const auto same = [&](std::uint32_t other) {
      return lab::withBacklog(scenario, other).backlogBytes() == changed.backlogBytes();
    };
    if (changed.backlogBytes() == scenario.backlogBytes()) {
      throw UsageError(
          fmt::format("--backlog {} is what the scenario has already, which is always shown", bytes));
    }
    if (std::ranges::count_if(options.backlogs, same) > 1) {
      throw UsageError(fmt::format("--backlog {} is given more than once: {} bytes of whole chunks", bytes,
                                   changed.backlogBytes()));
    }
  }
  std::vector<std::byte> ram(scenario.ram.total_bytes);
  for (const std::string& policy : policies) {
    if (std::ranges::count(policies, policy) > 1) {
      throw UsageError("policy " + policy + " is given more than once: each may be given once");
    }
    if (!policy.starts_with("plugin:")) lab::makePolicy(policy, scenario, ram);
  }
}

// Seed by seed, so that what has finished at an interruption compares the same devices.
std::vector<lab::SimulatedDevice> devicesOf(const CompareOptions& options) {
  std::vector<std::uint32_t> backlogs{0};
  backlogs.insert(backlogs.end(), options.backlogs.begin(), options.backlogs.end());
  std::vector<lab::SimulatedDevice> devices;
  for (const std::uint32_t backlog : backlogs) {
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
      for (const std::string& policy : options.policies) devices.push_back({policy, seed, backlog});
    }
  }
  return devices;
}

/// The runs with the scenario's own backlog.
std::vector<nlohmann::json> ownRuns(const std::vector<nlohmann::json>& runs, const lab::Scenario& scenario) {
  std::vector<nlohmann::json> own;
  std::ranges::copy_if(runs, std::back_inserter(own), [&](const nlohmann::json& run) {
    return run.at("backlog_bytes") == scenario.backlogBytes();
  });
  return own;
}

lab::FleetResult run(const lab::Scenario& scenario, const std::vector<lab::SimulatedDevice>& devices,
                     const CompareOptions& options) {
  ShareBar bar(stderr, "device-days", options.days * static_cast<double>(devices.size()));
  return lab::runFleet(scenario, devices,
                       {.days = options.days,
                        .jobs = options.jobs,
                        .pictures = !options.html.empty(),
                        .patience = lab::Worker::usual_patience,
                        .progress = [&](double share) { bar.show(share); },
                        .stop = &interrupted});
}

// Effect: orders `runs` by policy, as the command line has them, and by backlog and seed.
void sortByPolicy(std::vector<nlohmann::json>& runs, const std::vector<std::string>& policies) {
  std::ranges::stable_sort(runs, {}, [&](const nlohmann::json& run) {
    return std::ranges::find(policies, run.at("policy").get<std::string>());
  });
}

/// What a backlog buys, for the page.
struct WhatIf {
  std::vector<lab::BacklogPoint> curve;
  double days = 0;
  std::uint64_t seeds = 0;
};

// Without --backlog: half as much again and twice as much, on one device of each policy for a day at most.
WhatIf usualWhatIf(const lab::Scenario& scenario, const CompareOptions& options,
                   const std::vector<lab::PolicySummary>& summaries) {
  CompareOptions own = options;
  own.days = std::min(options.days, 1.0);
  own.seeds = 1;
  own.html.clear();
  own.policies.clear();
  for (const lab::PolicySummary& summary : summaries) own.policies.push_back(summary.policy);
  for (const std::uint64_t halves : {3U, 4U}) {
    const std::uint64_t bytes = scenario.backlogBytes() * halves / 2;
    if (bytes / scenario.largestChunk() > scenario.uplink.held_back_chunks &&
        bytes <= scenario.ram.total_bytes)
      own.backlogs.push_back(static_cast<std::uint32_t>(bytes));
  }
  lab::FleetResult fleet = run(scenario, devicesOf(own), own);
  sortByPolicy(fleet.runs, own.policies);
  return {fleet.stopped ? std::vector<lab::BacklogPoint>() : lab::backlogCurve(fleet.runs), own.days,
          own.seeds};
}

// Quotes each argument that a shell would split.
std::string commandLine(const CompareOptions& options) {
  std::vector<std::string> arguments{"millpond", "compare"};
  if (options.policies != lab::policyNames()) {
    for (const std::string& policy : options.policies)
      arguments.insert(arguments.end(), {"--policy", policy});
  }
  arguments.insert(arguments.end(),
                   {"--days", fmt::format("{}", options.days), "--seeds", std::to_string(options.seeds),
                    "--scenario", options.scenario, "--html", options.html});
  for (const std::uint32_t bytes : options.backlogs) {
    arguments.insert(arguments.end(), {"--backlog", std::to_string(bytes)});
  }
  for (std::string& argument : arguments) {
    const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_./:=,@";
    if (argument.find_first_not_of(plain) == std::string::npos) continue;
    for (std::size_t at = 0; (at = argument.find('\'', at)) != std::string::npos; at += 4) {
      argument.replace(at, 1, "'\\''");
    }
    argument.insert(0, 1, '\'');
    argument += '\'';
  }
  return fmt::format("{}", fmt::join(arguments, " "));
}

void printText(const lab::Scenario& scenario, const CompareOptions& options,
               const std::vector<lab::PolicySummary>& summaries, double seconds) {
  std::size_t devices = 0;
  for (const lab::PolicySummary& summary : summaries) devices += summary.runs;
  print("{}, {:g} days, seeds 1 to {}: {} devices, {:g} device-days in {:.1f} s\n\n{}\n", scenario.name,
        options.days, options.seeds, devices, options.days * static_cast<double>(devices), seconds,
        lab::summaryText(scenario, summaries));
  for (const std::string& advice : lab::adviceOf(scenario, summaries)) print("{}\n", advice);
  const lab::PolicySummary& first = summaries.front();
  if (first.failed() == 0) {
    print("PASS: no request of {} failed\n", first.policy);
  } else {
    print("FAIL: a request of {} failed in {} of {} devices\n", first.policy, first.failed(), first.runs);
  }
}

// What went wrong, a line each.
void printFaults(const lab::FleetResult& fleet, std::size_t devices) {
  for (const std::string& what : fleet.broken) print(stderr, "millpond: {}\n", what);
  for (const std::string& what : fleet.unfit) print(stderr, "millpond: left out: {}\n", what);
  if (!fleet.stopped) return;
  print(stderr, "millpond: interrupted: {} of {} devices had finished{}\n", fleet.runs.size(), devices,
        fleet.runs.empty() ? "" : ", and only they are reported");
}

int compare(const CompareOptions& options) {
  const lab::Scenario scenario = lab::loadScenario(options.scenario);
  check(scenario, options);
  warnOf(scenario, options.policies);
  if (!options.html.empty()) checkReportFile(options.html);
  catchInterrupt();
  const auto start = std::chrono::steady_clock::now();
  const std::vector<lab::SimulatedDevice> devices = devicesOf(options);
  lab::FleetResult fleet = run(scenario, devices, options);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  printFaults(fleet, devices.size());
  sortByPolicy(fleet.runs, options.policies);
  const std::vector<nlohmann::json> own = ownRuns(fleet.runs, scenario);
  if (own.empty()) return exit_failure;
  const std::vector<lab::PolicySummary> summaries = lab::summarize(own);
  WhatIf what_if{.curve = {}, .days = options.days, .seeds = options.seeds};
  if (!options.backlogs.empty()) {
    what_if.curve = lab::backlogCurve(fleet.runs);
  } else if (!options.html.empty() && !fleet.stopped) {
    what_if = usualWhatIf(scenario, options, summaries);
  }
  if (!options.html.empty()) {
    const lab::PageSubject subject{.scenario = scenario,
                                   .scenario_text = lab::scenarioText(options.scenario),
                                   .command = commandLine(options),
                                   .version = MILLPOND_VERSION,
                                   .days = options.days,
                                   .seeds = options.seeds,
                                   .seconds = options.backlogs.empty() ? seconds : 0,
                                   .unfinished = fleet.stopped ? devices.size() - fleet.runs.size() : 0,
                                   .backlog = what_if.curve,
                                   .backlog_days = what_if.days,
                                   .backlog_seeds = what_if.seeds};
    writeReportFile(options.html, lab::reportPage(subject, own, summaries));
  }
  if (options.json) {
    for (nlohmann::json& result : fleet.runs) {
      result.erase("timeline");
      result.erase("map");
    }
    writeText(stdout, jsonText(fleet.runs));
  } else {
    printText(scenario, options, summaries, seconds);
    if (!options.backlogs.empty()) print("\n{}", lab::backlogText(what_if.curve));
  }
  if (!fleet.broken.empty() || fleet.stopped) return exit_failure;
  return summaries.front().failed() == 0 ? exit_good : exit_request_failed;
}

template <class Number>
void addCount(CLI::App& command, const std::string& name, Number& number, Number most,
              const std::string& help) {
  command.add_option(name, number, help)->transform(wholeNumberFrom(1, most))->capture_default_str();
}

}  // namespace

void addCompareCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "Simulate the same devices on several ways to manage their memory");
  command->add_option("--policy", options->policies, "May be given several times: " + policyHelp())
      ->transform(policyName())
      ->take_all()
      ->capture_default_str();
  addDaysOption(*command, options->days);
  addCount(*command, "--seeds", options->seeds, most_seeds, "Devices for each policy, with seeds from 1");
  addScenarioOption(*command, options->scenario);
  addBacklogOption(
      *command, options->backlogs,
      "Bytes of sound that may be held back, one or more values: adds a table of what each buys on each "
      "policy");
  command
      ->add_option("--html", options->html, "Write the report to this file: one page that needs no network")
      ->transform(someText());
  command->add_flag("--json", options->json,
                    "Print a list of what `soak --json` prints of each, and nothing else");
  addCount(*command, "--jobs", options->jobs, most_jobs,
           "Devices to simulate at the same time, each in its own process");
  command->footer(
      "The verdict is on the first policy. docs/evidence.md shows what months of simulation have shown.");
  command->callback([options, &status] { status = compare(*options); });
}

}  // namespace millpond::cli
