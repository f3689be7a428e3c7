// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/HttpOption.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/device/FleetDevice.h"
#include "cli/http/DeviceView.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "cli/show/ReportFile.h"
#include "millpond/port/LinuxPort.h"

namespace millpond::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t most_devices = 5000;

struct FleetOptions {
  std::uint64_t devices = 50;
  HttpOption http;
  std::string targets;
  double speed = 1;
  std::uint64_t leak = 0;  // 0: none leaks
  std::uint64_t seed = 1;
};

std::string nameOf(std::size_t number) { return fmt::format("device-{:04}", number); }
std::string pathOf(std::size_t number) { return fmt::format("/device/{:04}", number); }

/// Devices that live `speed` times as fast as the clock, from their start.
class Fleet {
 public:
  explicit Fleet(const FleetOptions& options) : speed_(options.speed) {
    Port::driveMicros(now());
    devices_.reserve(options.devices);
    for (std::size_t number = 1; number <= options.devices; ++number) {
      devices_.push_back(std::make_unique<FleetDevice>(options.seed * most_devices + number, now_));
      if (number == options.leak) devices_.back()->leak();
    }
  }

  HttpContent content() const {
    HttpContent content;
    content.pages = {{"/",
                      [text = indexText()](std::string_view) {
                        return HttpReply{"text/plain; charset=utf-8", text};
                      },
                      true},
                     healthPage()};
    for (std::size_t number = 1; number <= devices_.size(); ++number) {
      const FleetDevice& device = *devices_[number - 1];
      const ShownDevice shown{.name = nameOf(number),
                              .boot = boot_ | number,
                              .memory = device.memory(),
                              .pressure = device.pressure(),
                              .seconds = [this] { return std::chrono::duration<double>(elapsed()).count(); }};
      for (HttpPage& page : pagesOf(shown, pathOf(number))) content.pages.push_back(std::move(page));
    }
    return content;
  }

  /// Effect: lets the devices live until an interrupt.
  void live() {
    // A step of the devices' time of a second at most, so that ages are right to a second.
    const auto step = std::chrono::milliseconds(std::clamp(static_cast<int>(1000 / speed_), 5, 100));
    bool told = false;
    for (auto next = Clock::now(); !interrupted();) {
      Port::driveMicros(now());
      for (const auto& device : devices_) device->live(now_);
      next += step;
      if (!told && Clock::now() > next + std::chrono::seconds(5)) {
        told = true;
        print(stderr, "millpond: this machine is too slow for {} devices at {} times real time: they lag\n",
              devices_.size(), speed_);
      }
      std::this_thread::sleep_until(next);
    }
  }

 private:
  std::chrono::duration<double> elapsed() const { return (Clock::now() - start_) * speed_; }
  std::uint64_t now() {
    // The library's clock starts at 1.
    constexpr double start_us = 1e6;
    now_ = static_cast<std::uint64_t>(start_us + elapsed().count() * 1e6);
    return now_;
  }
  std::string indexText() const {
    return fmt::format(
        "{} simulated devices, from {}/ to {}/: each with its dashboard there, metrics and memory.json\n",
        devices_.size(), pathOf(1), pathOf(devices_.size()));
  }

  Clock::time_point start_ = Clock::now();
  double speed_;
  // Of this run, with room for the device's number.
  std::uint64_t boot_ = std::uint64_t{std::random_device()()} << 32;
  std::uint64_t now_ = 0;
  std::vector<std::unique_ptr<FleetDevice>> devices_;
};

// As `file_sd_configs` of Prometheus reads it. Without `instance` all devices would be one to it.
std::string targetsText(std::size_t devices, const std::string& address) {
  nlohmann::json groups = nlohmann::json::array();
  for (std::size_t number = 1; number <= devices; ++number) {
    groups.push_back(
        {{"targets", {address}},
         {"labels", {{"__metrics_path__", pathOf(number) + "/metrics"}, {"instance", nameOf(number)}}}});
  }
  return jsonText(groups);
}

int simulate(const FleetOptions& options) {
  if (options.leak > options.devices) {
    throw UsageError(
        fmt::format("--leak {}: there is no such device among {}", options.leak, options.devices));
  }
  if (!options.targets.empty()) checkReportFile(options.targets);
  catchInterrupt();
  Fleet fleet(options);
  const auto server = options.http.serve(fleet.content(), false);
  if (!options.targets.empty()) {
    writeReportFile(options.targets, targetsText(options.devices, server->address().text()));
  }
  fleet.live();
  return exit_good;
}

}  // namespace

void addFleetCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<FleetOptions>();
  CLI::App* command =
      app.add_subcommand("fleet", "Simulate many devices that Prometheus can scrape, in one process");
  command->add_option("--devices", options->devices, "How many")
      ->transform(wholeNumberFrom(1, most_devices))
      ->capture_default_str();
  options->http.addTo(*command);
  command->get_option("--http")->required();
  command->add_option("--sd", options->targets, "Write the targets to this file, for file_sd_configs")
      ->transform(someText());
  command->add_option("--speed", options->speed, "How many times as fast as real time they live")
      ->transform(numberFrom(0.1, 1000))
      ->capture_default_str();
  command->add_option("--leak", options->leak, "The number of a device that leaks")
      ->transform(wholeNumberFrom(1, most_devices));
  command->add_option("--seed", options->seed, "What makes these devices differ from those of another seed")
      ->transform(wholeNumberFrom(0, 1'000'000))
      ->capture_default_str();
  command->footer("docs/fleet.md goes from there to alerts and sizes.");
  command->callback([options, &status] { status = simulate(*options); });
}

}  // namespace millpond::cli
