// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Fleet.h"

#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "lab/soak/Soak.h"

namespace millpond::lab {

namespace {

class Fleet {
 public:
  Fleet(const Scenario& scenario, const std::vector<SimulatedDevice>& devices, const FleetOptions& options)
      : scenario_(scenario), devices_(devices), options_(options), runs_(devices.size()) {}

  FleetResult run() {
    while (ended_ < devices_.size() && !result_.stopped) {
      while (living_.size() < options_.jobs && next_ < devices_.size()) begin(next_++);
      if (!living_.empty()) attendAll();
      if (options_.progress) options_.progress(done());
      result_.stopped = ended_ < devices_.size() && options_.stop && options_.stop();
    }
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      if (!isBroken(devices_[i]) && !runs_[i].is_null()) result_.runs.push_back(std::move(runs_[i]));
    }
    return std::move(result_);
  }

 private:
  struct Living {
    std::size_t device;
    Worker worker;
    bool through = false;
  };

  void begin(std::size_t device) {
    const SimulatedDevice& of = devices_[device];
    if (isBroken(of)) {
      ++ended_;
      return;
    }
    const auto life = [&](const Worker::Report& report) {
      const bool pictures = options_.pictures && of.backlog_bytes == 0;
      const Scenario scenario = of.backlog_bytes == 0 ? scenario_ : withBacklog(scenario_, of.backlog_bytes);
      return toJson(soak(scenario, of.policy, options_.days, of.seed,
                         {.timeline = pictures, .map = pictures, .progress = report}));
    };
    living_.push_back({device, Worker(life, options_.patience)});
  }

  void attendAll() {
    std::vector<const Worker*> workers;
    for (const Living& living : living_) workers.push_back(&living.worker);
    const Attention attention = attend(workers);
    for (std::size_t i = 0; i < living_.size(); ++i)
      attendOne(living_[i], attention.heard[i], attention.waited);
    ended_ += std::erase_if(living_, [this](const Living& living) {
      return living.through || isBroken(devices_[living.device]);
    });
  }

  void attendOne(Living& living, bool heard, std::chrono::nanoseconds waited) {
    const SimulatedDevice& device = devices_[living.device];
    if (isBroken(device)) return;
    try {
      if (!heard) return living.worker.wait(waited);
      std::optional<nlohmann::json> result = living.worker.listen();
      if (!result) return;
      runs_[living.device] = std::move(*result);
      living.through = true;
    } catch (const std::runtime_error& error) {
      broken_.insert({device.policy, device.backlog_bytes});
      const std::string run = "the run on " + device.policy + ", seed " + std::to_string(device.seed);
      if (device.backlog_bytes == 0) {
        result_.broken.push_back(run + ": " + error.what());
      } else {
        result_.unfit.push_back(run + ", with a backlog of " + std::to_string(device.backlog_bytes) +
                                " bytes: " + error.what());
      }
    }
  }

  bool isBroken(const SimulatedDevice& device) const {
    return broken_.contains({device.policy, device.backlog_bytes});
  }

  double done() const {
    auto runs = static_cast<double>(ended_);
    for (const Living& living : living_) runs += living.worker.done();
    return runs / static_cast<double>(devices_.size());
  }

  const Scenario& scenario_;
  const std::vector<SimulatedDevice>& devices_;
  const FleetOptions& options_;
  std::vector<nlohmann::json> runs_;
  FleetResult result_;
  std::set<std::pair<std::string, std::uint32_t>> broken_;
  std::vector<Living> living_;
  std::size_t next_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace

FleetResult runFleet(const Scenario& scenario, const std::vector<SimulatedDevice>& devices,
                     const FleetOptions& options) {
  return Fleet(scenario, devices, options).run();
}

}  // namespace millpond::lab
