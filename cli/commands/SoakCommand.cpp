// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/LabOptions.h"
#include "cli/commands/OptionValues.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "cli/show/ShareBar.h"
#include "lab/report/Worker.h"
#include "lab/soak/BareCost.h"
#include "lab/soak/Soak.h"
#include "trace/TraceFolder.h"

namespace millpond::cli {

namespace {

struct SoakCommandOptions {
  std::string policy = "pools";
  std::string scenario = lab::builtInScenarios().front();
  double days = 1;
  std::uint64_t seed = 1;
  std::uint32_t backlog = 0;  // 0: as the scenario has it
  bool json = false;
  bool timeline = false;
  bool map = false;
  bool bare = false;
  std::string trace;
  std::string pools;
};

/// The number of days whose requests `--bare` records: a few million requests.
constexpr double bare_days = 0.25;

std::string moment(std::uint64_t time_us) {
  const std::uint64_t seconds = time_us / 1'000'000;
  return fmt::format("day {} {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
                     seconds % 60);
}

std::string failureText(const lab::FailedRequest& failure) {
  return fmt::format("{}: {} bytes refused with {} free, the largest {}", moment(failure.time_us),
                     failure.bytes, failure.free, failure.largest);
}

std::string failuresText(const lab::SoakResult& result) {
  std::string text = fmt::format("  {:<10}{:>10}{:>12}  first\n", "class", "failed", "a day");
  for (std::size_t kind = 0; kind < lab::request_classes; ++kind) {
    const auto& first = result.first_failure_by_class[kind];
    text += fmt::format("  {:<10}{:>10}{:>12.1f}  {}\n", lab::request_class_names[kind],
                        result.failures[kind], static_cast<double>(result.failures[kind]) / result.days,
                        first ? failureText(*first) : "-");
  }
  return text;
}

std::string stepsText(const std::string& of, const lab::StepSpread& allocate,
                      const lab::StepSpread& release) {
  return fmt::format("  {:<32}{:>5}{:>6}{:>5}{:>9}{:>6}{:>5}\n", of, allocate.median, allocate.p999,
                     allocate.max, release.median, release.p999, release.max);
}

std::string fragmentationText(const std::vector<lab::MemorySample>& timeline) {
  double sums[2] = {};
  double most[2] = {};
  for (const lab::MemorySample& sample : timeline) {
    const double values[2] = {sample.fragmentation(), sample.scatter()};
    for (int index = 0; index < 2; ++index) {
      sums[index] += values[index];
      most[index] = std::max(most[index], values[index]);
    }
  }
  const auto count = static_cast<double>(timeline.size());
  return fmt::format(
      "  fragmentation 1 - largest/free: {:.2f} on average, at most {:.2f}; 1 - sqrt(sum f^2)/sum f: {:.2f}, "
      "{:.2f}\n",
      sums[0] / count, most[0], sums[1] / count, most[1]);
}

std::string resultText(const lab::SoakResult& result) {
  std::string text = fmt::format(
      "{} on {}, {:g} days, seed {}: {} events, {} allocations in {:.2f} s, {:.2f} s a device-day\n",
      result.scenario, result.policy, result.days, result.seed, result.events, result.allocations,
      result.seconds, result.seconds / result.days);
  text += failuresText(result);
  text += fmt::format("  held at most {} bytes; largest free block at least {}; sound lost {:.1f} s\n",
                      result.held_peak, result.largest_free_min, result.sound_lost_s);
  text += fragmentationText(result.timeline);
  text += fmt::format("  {:<32}{:>16}{:>20}\n", "steps: median, 99.9 %, most", "an allocation", "a free");
  text += stepsText("all", result.allocate_steps, result.release_steps);
  text += stepsText("audio, network and general", result.pooled_allocate_steps, result.pooled_release_steps);
  text += fmt::format("  audio, network and general took {} bytes from the heap behind pools\n",
                      result.heap_bytes_from_pooled_classes);
  for (const lab::LeakNaming& named : result.leak_watch) {
    text += fmt::format("  leak watch: on {} it named {}, {}\n", moment(named.time_us), named.source,
                        named.leaks ? "which leaks" : "in vain");
  }
  for (const lab::Leak& leak : result.leaks) {
    text +=
        fmt::format("  leak: {} never gave back {} blocks, {} bytes\n", leak.source, leak.count, leak.bytes);
  }
  return text + fmt::format("  digest {:016x}\n", result.digest);
}

std::string verdictText(const lab::SoakResult& result) {
  if (result.passed()) return "PASS: no request failed\n";
  return fmt::format("FAIL: the first request of {} failed on {}\n",
                     lab::request_class_names[static_cast<std::size_t>(result.first_failure->kind)],
                     failureText(*result.first_failure));
}

/// Prints a soak's result. Returns: its exit status.
struct Soaked {
  std::string text;
  int status = exit_good;
};

Soaked soakHere(const SoakCommandOptions& options, const lab::Scenario& scenario,
                const lab::Worker::Report& progress) {
  std::optional<trace::TraceFolder> folder;
  TraceSink sink{};
  if (!options.trace.empty()) sink = folder.emplace(options.trace).sink();
  const lab::SoakOptions recording{.timeline = options.timeline || !options.json,
                                   .map = options.map,
                                   .trace = folder ? &sink : nullptr,
                                   .progress = progress};
  const lab::SoakResult result =
      options.pools.empty()
          ? lab::soak(scenario, options.policy, options.days, options.seed, recording)
          : lab::soak(scenario, lab::PoolFile(options.pools), options.days, options.seed, recording);
  if (folder) folder->close();
  lab::BareCost bare;
  const double span = std::min(options.days, bare_days);
  if (options.bare) bare = lab::bareCost(scenario, options.policy, span, options.seed);
  Soaked outcome{.text = {}, .status = result.passed() ? exit_good : exit_request_failed};
  if (options.json) {
    nlohmann::json json = lab::toJson(result);
    if (options.bare)
      json["bare"] = {{"days", span}, {"operations", bare.operations}, {"seconds", bare.seconds}};
    outcome.text = jsonText(json);
    return outcome;
  }
  outcome.text = resultText(result);
  if (options.bare) {
    outcome.text +=
        fmt::format("  its allocations and frees alone take {:.2f} s a device-day, {:.1f} ns each\n",
                    bare.seconds / span, bare.seconds / static_cast<double>(bare.operations) * 1e9);
  }
  const std::string memory =
      options.pools.empty() ? "--policy " + options.policy : "--pools " + options.pools;
  outcome.text += fmt::format("  again: millpond soak {} --scenario {} --days {:g} --seed {}{}\n", memory,
                              options.scenario, options.days, options.seed,
                              options.backlog == 0 ? "" : fmt::format(" --backlog {}", options.backlog));
  outcome.text += verdictText(result);
  return outcome;
}

// A user's allocator may crash, hang, or corrupt memory.
Soaked soakApart(const SoakCommandOptions& options, const lab::Scenario& scenario,
                 const lab::Worker::Report& progress) {
  const auto life = [&](const lab::Worker::Report& report) -> nlohmann::json {
    const Soaked outcome = soakHere(options, scenario, report);
    return {{"text", outcome.text}, {"status", outcome.status}};
  };
  try {
    const nlohmann::json outcome = lab::doApart(life, progress);
    return {.text = outcome.at("text"), .status = outcome.at("status")};
  } catch (const std::runtime_error& error) {
    throw Error(fmt::format("the run on {}, seed {}: {}", options.policy, options.seed, error.what()));
  }
}

int soak(const SoakCommandOptions& options) {
  lab::Scenario scenario = lab::loadScenario(options.scenario);
  if (options.backlog != 0) scenario = lab::withBacklog(scenario, options.backlog);
  warnOf(scenario, {options.policy});
  Soaked outcome;
  {
    ShareBar bar(stderr, "device-days", options.days);
    const bool apart = options.policy.starts_with("plugin:");
    outcome = (apart ? soakApart : soakHere)(options, scenario, [&bar](double share) { bar.show(share); });
  }
  print("{}", outcome.text);
  return outcome.status;
}

}  // namespace

void addSoakCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<SoakCommandOptions>();
  CLI::App* command = app.add_subcommand("soak", "Simulate a device's days on one way to manage its memory");
  command->add_option("--policy", options->policy, policyHelp())
      ->transform(policyName())
      ->capture_default_str();
  addDaysOption(*command, options->days);
  command->add_option("--seed", options->seed, "Of all that chance decides; the same gives the same result")
      ->transform(wholeNumberFrom(0, UINT64_MAX))
      ->capture_default_str();
  addScenarioOption(*command, options->scenario);
  addBacklogOption(
      *command, options->backlog,
      "Bytes of sound that may be held back, instead of what the scenario says; a network pool has "
      "room for as much");
  command->add_flag("--json", options->json, "Print the result as one JSON object and nothing else");
  CLI::Option* json = command->get_option("--json");
  command->add_flag("--timeline", options->timeline, "With --json: up to 500 looks at memory as well")
      ->needs(json);
  command
      ->add_flag("--map", options->map, "With --json: what was held in each of 128 cells of RAM, 100 times")
      ->needs(json);
  command->add_flag("--bare", options->bare,
                    "Measure as well what the allocations and frees take without the device around them");
  command
      ->add_option("--trace", options->trace,
                   "New folder for a trace of the device's requests: see millpond trace")
      ->transform(someText());
  command
      ->add_option("--pools", options->pools,
                   "Pools instead of a policy's: JSON as millpond tune --json prints it")
      ->transform(someText())
      ->excludes(command->get_option("--policy"))
      ->excludes(command->get_option("--bare"));
  command->footer("docs/soak.md says what the device does and what is measured.");
  command->callback([options, &status] { status = soak(*options); });
}

}  // namespace millpond::cli
