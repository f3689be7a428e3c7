// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/Commands.h"
#include "cli/LabOptions.h"
#include "lab/Soak.h"

namespace millpond::cli {

namespace {

struct SoakCommandOptions {
  std::string policy = "pools";
  std::string scenario = lab::builtInScenarios().front();
  double days = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

std::string moment(std::uint64_t time_us) {
  const std::uint64_t seconds = time_us / 1'000'000;
  return fmt::format("day {} {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
                     seconds % 60);
}

std::string failureText(const lab::FailedRequest& failure) {
  return fmt::format("{}: {} bytes refused with {} free, the largest {}", moment(failure.time_us),
                     failure.bytes, failure.free, failure.largest);
}

void printFailures(const lab::SoakResult& result) {
  fmt::print("  {:<10}{:>10}  first\n", "class", "failed");
  for (std::size_t kind = 0; kind < lab::request_classes; ++kind) {
    const auto& first = result.first_failure_by_class[kind];
    fmt::print("  {:<10}{:>10}  {}\n", lab::request_class_names[kind], result.failures[kind],
               first ? failureText(*first) : "-");
  }
}

void print(const lab::SoakResult& result) {
  fmt::print("{} on {}, {:g} days, seed {}: {} events, {} allocations in {:.2f} s\n", result.scenario,
             result.policy, result.days, result.seed, result.events, result.allocations, result.seconds);
  printFailures(result);
  fmt::print("  held at most {} bytes; largest free block at least {}; samples lost {}\n", result.held_peak,
             result.largest_free_min, result.samples_lost);
  fmt::print("  steps an allocation {} (median) {} (99.9 %) {} (max), a free {} {} {}\n",
             result.allocate_steps.median, result.allocate_steps.p999, result.allocate_steps.max,
             result.release_steps.median, result.release_steps.p999, result.release_steps.max);
  fmt::print("  of audio, network and general  {} {} {}, a free {} {} {}; from the heap {} bytes\n",
             result.pooled_allocate_steps.median, result.pooled_allocate_steps.p999,
             result.pooled_allocate_steps.max, result.pooled_release_steps.median,
             result.pooled_release_steps.p999, result.pooled_release_steps.max,
             result.heap_bytes_from_pooled_classes);
  for (const lab::Leak& leak : result.leaks) {
    fmt::print("  leak: {} never gave back {} blocks, {} bytes\n", leak.source, leak.count, leak.bytes);
  }
  fmt::print("  digest {:016x}\n", result.digest);
  if (result.passed()) {
    fmt::print("PASS: no request failed\n");
  } else {
    fmt::print("FAIL: the first request of {} failed on {}\n",
               lab::request_class_names[static_cast<std::size_t>(result.first_failure->kind)],
               failureText(*result.first_failure));
  }
}

int soak(const SoakCommandOptions& options) {
  const lab::Scenario scenario = lab::loadScenario(options.scenario);
  const lab::SoakResult result = lab::soak(scenario, options.policy, options.days, options.seed);
  if (options.json) {
    fmt::print("{}\n", lab::toJson(result).dump(2));
  } else {
    print(result);
  }
  return result.passed() ? 0 : requests_failed;
}

}  // namespace

void addSoakCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<SoakCommandOptions>();
  CLI::App* command = app.add_subcommand("soak", "Simulate a device's days on one way to manage its memory");
  command->add_option("--policy", options->policy, policyHelp())->capture_default_str();
  addDaysOption(*command, options->days);
  command->add_option("--seed", options->seed, "Of all that chance decides; the same gives the same result")
      ->capture_default_str();
  addScenarioOption(*command, options->scenario);
  command->add_flag("--json", options->json, "Print the result as one JSON object and nothing else");
  command->footer(
      "Exit status: 0 if no request failed, 3 if one did, 2 for wrong usage, 1 for other errors.\n"
      "docs/soak.md says what the device does and what is measured.");
  command->callback([options, &status] { status = soak(*options); });
}

}  // namespace millpond::cli
