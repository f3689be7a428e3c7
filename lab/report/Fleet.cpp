// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Fleet.h"

#include <poll.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "lab/Soak.h"
#include "lab/report/Worker.h"

namespace millpond::lab {

namespace {

class Fleet {
 public:
  Fleet(const Scenario& scenario, const std::vector<Device>& devices, const FleetOptions& options)
      : scenario_(scenario), devices_(devices), options_(options), results_(devices.size()) {}

  std::vector<nlohmann::json> run() {
    while (ended_ < devices_.size()) {
      while (living_.size() < options_.jobs && next_ < devices_.size()) begin(next_++);
      listen();
      if (options_.progress) options_.progress(done());
    }
    return std::move(results_);
  }

 private:
  struct Living {
    std::size_t device;
    Worker worker;
  };

  void begin(std::size_t device) {
    const Device& of = devices_[device];
    living_.push_back({device, Worker([&](const Worker::Report& report) {
                         const SoakOptions soak_options{
                             .timeline = options_.pictures, .map = options_.pictures, .progress = report};
                         return toJson(soak(scenario_, of.policy, options_.days, of.seed, soak_options));
                       })});
  }

  void listen() {
    std::vector<pollfd> waits;
    for (const Living& living : living_) waits.push_back({living.worker.descriptor(), POLLIN, 0});
    ::poll(waits.data(), waits.size(), 1000);
    for (std::size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents != 0) hear(i);
    }
  }

  void hear(std::size_t i) {
    Living& living = living_[i];
    try {
      std::optional<nlohmann::json> result = living.worker.listen();
      if (!result) return;
      results_[living.device] = std::move(*result);
    } catch (const std::runtime_error& error) {
      const Device& device = devices_[living.device];
      throw std::runtime_error("the run on " + device.policy + ", seed " + std::to_string(device.seed) +
                               ": " + error.what());
    }
    ++ended_;
    std::swap(living, living_.back());
    living_.pop_back();
  }

  double done() const {
    auto runs = static_cast<double>(ended_);
    for (const Living& living : living_) runs += living.worker.done();
    return runs / static_cast<double>(devices_.size());
  }

  const Scenario& scenario_;
  const std::vector<Device>& devices_;
  const FleetOptions& options_;
  std::vector<nlohmann::json> results_;
  std::vector<Living> living_;
  std::size_t next_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace

std::vector<nlohmann::json> runFleet(const Scenario& scenario, const std::vector<Device>& devices,
                                     const FleetOptions& options) {
  return Fleet(scenario, devices, options).run();
}

}  // namespace millpond::lab
