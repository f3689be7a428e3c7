// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/DeviceRun.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "cli/device/DeviceMemory.h"
#include "cli/device/HeapMeter.h"
#include "cli/show/Error.h"
#include "cli/show/MemoryReport.h"
#include "cli/show/Print.h"
#include "sizing/Counters.h"

namespace millpond::cli {

namespace {

constexpr std::chrono::seconds time_to_end{2};

// Before the device takes its first block.
std::optional<DeviceTrace> traceTo(const std::string& folder, bool over_tls) {
  if (over_tls) useTlsDeviceMemory();
  return folder.empty() ? std::optional<DeviceTrace>() : std::optional<DeviceTrace>(std::in_place, folder);
}

}  // namespace

DeviceRun::DeviceRun(Input& input, const Pace& pace, const streamer::Uplink::Config& uplink,
                     LookUp::Function receiver, const std::optional<DeviceCredentials>& credentials,
                     const std::string& trace_folder)
    : trace_(traceTo(trace_folder, credentials.has_value())),
      tls_(credentials ? std::optional<DeviceTls>(std::in_place, *credentials) : std::optional<DeviceTls>()),
      frames_(input.frames()),
      wire_(uplink.wire),
      boot_(uplink.stream_id),
      source_(input.open()),
      paced_(*source_, pace.speed),
      captured_(paced_),
      look_up_(std::move(receiver), stop_) {
  const streamer::Streamer::Config config{
      .uplink = uplink, .when_full = pace.when_full, .on_streaming = &heap_meter::countThisThread};
  const streamer::Streamer::Parts parts{
      deviceMemory(), *bus_, *pressure_, captured_, i2sReadBuffer(), look_up_.resolver(), makeLink(), stop_};
  streamer_ = std::make_unique<streamer::Streamer>(parts, config);
}

streamer::Link& DeviceRun::makeLink() {
  if (!tls_) return tcp_;
  return tls_link_.emplace(tcp_, tls_->settings());
}

void DeviceRun::start() {
  heap_meter::install();
  heap_calls_before_ = heap_meter::calls();
  start_ = Clock::now();
  if (!streamer_->start())
    throw Error("the general pool has no room for the backlog's queues, or the system no thread");
}

void DeviceRun::end() {
  if (!ending_) {
    ending_ = Clock::now();
    captured_.stop();
  } else if (Clock::now() - *ending_ > time_to_end) {
    stop();
  }
}

double DeviceRun::secondsSoFar() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

Progress DeviceRun::progress() const {
  return {.memory = deviceMemory().stats(),
          .account = streamer_->account(),
          .uplink = streamer_->uplink(),
          .total_samples = frames_,
          .seconds = secondsSoFar(),
          .wire = wire_,
          .complete = streamer_->delivered(),
          .pressure = pressure_->level(),
          .general = generalHolders(deviceMemory()),
          .squeeze = {}};
}

DeviceResult DeviceRun::finish() {
  streamer_->join();
  bus_->processEvents();
  DeviceResult result{
      .boot = boot_,
      .account = streamer_->account(),
      .uplink = streamer_->uplink(),
      .delivered = streamer_->delivered(),
      .seconds = secondsSoFar(),
      .platform_heap_calls = heap_meter::calls() - heap_calls_before_,
      .pressure = {log_->entries().begin(), log_->entries().end()},
      .sound = source_->account(),
      .captured = captured_.digest(),
  };
  streamer_.reset();
  log_.reset();
  pressure_.reset();
  bus_.reset();
  tls_link_.reset();
  tls_.reset();
  if (trace_) trace_->finish();
  return result;
}

std::string hostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

nlohmann::json deviceJson(const DeviceResult& result) {
  const streamer::SampleAccount& account = result.account;
  std::array<streamer::SampleRange, streamer::SampleAccount::kept_ranges> ranges;
  const std::size_t kept = account.latestDrops(ranges);
  nlohmann::json drops = nlohmann::json::array();
  for (std::size_t i = 0; i < kept; ++i) {
    drops.push_back({{"start", ranges[i].first}, {"samples", ranges[i].samples}});
  }
  const MemoryStats stats = deviceMemory().stats();
  return {
      {"samples_in", account.captured},
      {"delivered", account.delivered},
      {"dropped", account.dropped},
      {"unconfirmed", account.unconfirmed},
      {"drop_count", account.dropRanges()},
      {"drops", drops},
      {"chunks_sent", result.uplink.sent},
      {"chunks_resent", result.uplink.resent},
      {"chunks_delivered", result.uplink.delivered},
      {"connections", result.uplink.connections},
      {"failed_connects", result.uplink.failed_connects},
      {"complete", result.delivered},
      {"platform_heap_calls", result.platform_heap_calls},
      {"fallback_bytes_peak", stats.heap.peak},
      {"leaks", leaksJson(deviceMemory())},
      {"seconds", result.seconds},
      {"device", hostName()},
      {"boot", fmt::format("{:016x}", result.boot)},
      {"clipped", result.sound.clipped},
      {"bad_samples", result.sound.bad_samples},
      {"warnings", result.sound.warnings},
      {"pools", poolsJson(stats)},
      {"what_if", sizing::toJson(sizing::countersOf(deviceMemory(), result.soundSeconds()))},
  };
}

void tellWarnings(const SoundAccount& sound) {
  for (const std::string& warning : sound.warnings) print(stderr, "millpond: {}\n", warning);
}

}  // namespace millpond::cli
