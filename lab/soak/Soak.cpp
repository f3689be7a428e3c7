// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/soak/Soak.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>

#include "lab/device/HouseholdLoad.h"
#include "lab/device/LinkLoad.h"
#include "lab/device/ServiceLoad.h"
#include "lab/device/UplinkLoad.h"
#include "lab/device/Warnings.h"
#include "lab/heaps/DeviceRam.h"
#include "lab/policies/FilePolicy.h"
#include "lab/policies/Policies.h"
#include "lab/soak/CpuClock.h"
#include "millpond/port/LinuxPort.h"

namespace millpond::lab {

namespace {

constexpr std::uint64_t look_every_us = 10ULL * second;
constexpr std::uint64_t watch_every_us = second;
constexpr std::uint64_t timeline_rows = 500;
constexpr std::uint64_t map_rows = 100;
constexpr std::uint32_t map_cells = 128;

/// While one exists, the library's clock is that of the simulation.
class DrivenClock {
 public:
  DrivenClock() { port::LinuxPort::driveMicros(0); }
  ~DrivenClock() { port::LinuxPort::driveTicks(0); }
  DrivenClock(const DrivenClock&) = delete;
  DrivenClock& operator=(const DrivenClock&) = delete;

  void set(std::uint64_t time_us) {
    const std::uint64_t tick = time_us >> 16U;
    if (tick == tick_) return;
    tick_ = tick;
    port::LinuxPort::driveMicros(time_us);
  }

 private:
  std::uint64_t tick_ = 0;
};

/// One device's life: all its parts, with samples of its memory now and then.
class Run {
 public:
  Run(const Scenario& scenario, Policy& policy, std::span<std::byte> ram, std::uint64_t end_us,
      std::uint64_t seed, const SoakOptions& options)
      : policy_(policy),
        ram_(ram),
        end_us_(end_us),
        options_(options),
        recorder_(options.trace != nullptr ? std::make_unique<Recorder>(policy, ram, *options.trace)
                                           : nullptr),
        memory_(policy, ram.data(), recorder_.get()),
        life_{scenario, seed, withExternal(memory_, scenario)},
        household_(life_),
        uplink_(life_),
        link_(life_, uplink_),
        services_(life_) {
    setLeaks(scenario.leaks);
    refuseBoot();
    if (options_.map) memory_.keepKinds(ram_, [this] { map_at_failure_ = mapRow(life_.now_us); });
  }

  void live() {
    while (life_.agenda.time() < end_us_) {
      if (life_.agenda.time() >= next_look_us_) look();
      life_.now_us = life_.agenda.time();
      clock_.set(life_.now_us);
      if (life_.now_us >= next_watch_us_) watch();
      memory_.setTime(life_.now_us);
      happen(life_.agenda.place());
    }
    look();
    memory_.endRecording();
    if (recorder_ != nullptr) recorder_->finish();
  }

  void close(SoakResult& result) {
    setLeaks({});
    link_.end();
    uplink_.end();
    household_.end();
    services_.end();
    result.events = life_.events;
    result.samples_lost = uplink_.samplesLost();
    result.sound_lost_s = life_.scenario.secondsOf(result.samples_lost);
    memory_.close(result);
    if (result.leaks.empty()) policy_.checkEmpty();
    result.leak_watch = std::move(named_);
    result.timeline = std::move(timeline_);
    result.map = std::move(map_);
    result.map_at_failure = std::move(map_at_failure_);
  }

 private:
  static RequestAccount& withExternal(RequestAccount& memory, const Scenario& scenario) {
    memory.setExternal(scenario.ram.external_from_bytes);
    return memory;
  }

  void refuseBoot() const {
    const std::optional<FailedRequest>& failure = memory_.firstFailure();
    if (!failure) return;
    throw std::runtime_error("the scenario's boot does not fit in ram.total_bytes, " +
                             std::to_string(life_.scenario.ram.total_bytes) + ": a request of " +
                             std::to_string(failure->bytes) + " bytes was refused with " +
                             std::to_string(failure->free) + " free");
  }

  // As a firmware does once a second. The account knows which blocks were leaked; the watch does not.
  void watch() {
    next_watch_us_ = life_.now_us - life_.now_us % watch_every_us + watch_every_us;
    policy_.watchLeaks([this](const char* source, const void* block) {
      const bool leaks = memory_.isForgotten(block);
      const auto same = [&](const LeakNaming& named) {
        return named.source == source && named.leaks == leaks;
      };
      if (std::ranges::none_of(named_, same)) named_.push_back({source, life_.now_us, leaks});
    });
  }

  void setLeaks(const Scenario::Leaks& leaks) {
    memory_.setLeak(Source::message, leaks.string_every);
    memory_.setLeak(Source::task, leaks.general_every);
    memory_.setLeak(Source::session, leaks.session_every);
  }

  void happen(std::uint32_t where) {
    switch (where) {
      case place::capture:
        return uplink_.capture();
      case place::gather:
        return uplink_.gather();
      case place::acknowledgement:
        return uplink_.acknowledge();
      case place::link:
        return link_.link();
      case place::uplink_tls:
        return link_.uplinkTls();
      case place::update:
        return link_.update();
      case place::update_tls:
        return link_.updateTls();
      case place::message:
        return household_.message();
      case place::packet:
        return household_.packet();
      case place::packet_handled:
        return household_.packetHandled();
      case place::cache:
        return household_.cache();
      case place::transmit:
        return uplink_.transmitted();
      case place::sector:
        return link_.sector();
      case place::job:
        return services_.job();
      case place::mdns:
        return services_.mdns();
      default:
        break;
    }
    if (where >= place::message_ends) return household_.messageEnds(where - place::message_ends);
    if (where >= place::tasks) return household_.task(where - place::tasks);
    household_.session(where - place::sessions);
  }

  // Adds rows to the timeline and the map when due.
  void look() {
    const std::uint64_t now = std::min(std::max(next_look_us_, life_.now_us), end_us_);
    next_look_us_ = now - now % look_every_us + look_every_us;
    if (options_.timeline && isDue(now, timeline_.size(), timeline_rows)) {
      const Holes holes = memory_.look();
      timeline_.push_back({now, holes.free, holes.largest, holes.squares, memory_.held()});
    }
    if (options_.map && isDue(now, map_.size(), map_rows)) map_.push_back(mapRow(now));
    if (options_.progress) options_.progress(static_cast<double>(now) / static_cast<double>(end_us_));
  }

  bool isDue(std::uint64_t now, std::uint64_t had, std::uint64_t rows) const {
    return had < rows && now >= end_us_ / rows * had;
  }

  MapRow mapRow(std::uint64_t time_us) const {
    const auto cell_bytes = static_cast<std::uint32_t>((ram_.size() + map_cells - 1) / map_cells);
    std::vector<std::array<std::uint32_t, request_classes + 1>> held(map_cells);
    policy_.forEachHeld([&](std::uint32_t offset, std::uint32_t bytes) {
      const std::uint8_t kind = memory_.kinds().in(offset, bytes);
      while (bytes != 0) {
        const std::uint32_t cell = offset / cell_bytes;
        const std::uint32_t part = std::min(bytes, (cell + 1) * cell_bytes - offset);
        held[cell][kind] += part;
        offset += part;
        bytes -= part;
      }
    });
    MapRow row{time_us, {}, {}};
    for (const auto& of_kind : held) {
      const std::uint32_t all = std::accumulate(of_kind.begin(), of_kind.end(), 0U);
      row.used.push_back(static_cast<std::uint8_t>(std::min(all, cell_bytes) * 255 / cell_bytes));
      const auto most = std::ranges::max_element(of_kind) - of_kind.begin();
      row.kinds.push_back(all == 0 ? request_classes : static_cast<std::uint8_t>(most));
    }
    return row;
  }

  Policy& policy_;
  std::span<std::byte> ram_;
  std::uint64_t end_us_;
  const SoakOptions& options_;
  DrivenClock clock_;
  std::unique_ptr<Recorder> recorder_;
  RequestAccount memory_;
  Life life_;
  HouseholdLoad household_;
  UplinkLoad uplink_;
  LinkLoad link_;
  ServiceLoad services_;
  std::uint64_t next_look_us_ = 0;
  std::uint64_t next_watch_us_ = 0;
  std::vector<LeakNaming> named_;
  std::vector<MemorySample> timeline_;
  std::vector<MapRow> map_;
  std::optional<MapRow> map_at_failure_;
};

}  // namespace

SoakResult soak(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed,
                const SoakOptions& options) {
  const CpuClock clock;
  const DeviceRam ram(scenario.ram.total_bytes);
  const std::unique_ptr<Policy> served = makePolicy(policy, scenario, ram.span());
  SoakResult result = soakOn(*served, ram.span(), scenario, days, seed, options);
  result.policy = policyName(policy);
  result.warnings = warningsOf(scenario, result.policy);
  result.seconds = clock.seconds();
  return result;
}

SoakResult soak(const Scenario& scenario, const PoolFile& file, double days, std::uint64_t seed,
                const SoakOptions& options) {
  const CpuClock clock;
  const DeviceRam ram(scenario.ram.total_bytes);
  FilePolicy served(file, scenario, ram.span());
  SoakResult result = soakOn(served, ram.span(), scenario, days, seed, options);
  result.policy = "pools of a file";
  result.seconds = clock.seconds();
  return result;
}

SoakResult soakOn(Policy& policy, std::span<std::byte> ram, const Scenario& scenario, double days,
                  std::uint64_t seed, const SoakOptions& options) {
  SoakResult result;
  result.scenario = scenario.name;
  result.seed = seed;
  result.days = days;
  result.backlog_bytes = scenario.backlogBytes();
  const auto end_us = static_cast<std::uint64_t>(days * 24 * static_cast<double>(hour));
  const auto run = std::make_unique<Run>(scenario, policy, ram, end_us, seed, options);
  run->live();
  run->close(result);
  return result;
}

}  // namespace millpond::lab
