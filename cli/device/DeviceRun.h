// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/device/DeviceMemory.h"
#include "cli/device/DeviceTls.h"
#include "cli/device/DeviceTrace.h"
#include "cli/device/DigestingSource.h"
#include "cli/device/Input.h"
#include "cli/device/LookUp.h"
#include "cli/device/Pace.h"
#include "cli/device/PacedSource.h"
#include "cli/device/PressureLog.h"
#include "cli/show/Progress.h"
#include "streamer/Streamer.h"
#include "streamer/tls/TlsLink.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

/// The results of one run of the device.
struct DeviceResult {
  /// What tells this run from every other: the id of its stream.
  std::uint64_t boot = 0;
  streamer::SampleAccount account;
  streamer::Uplink::Stats uplink;
  bool delivered = false;
  double seconds = 0;
  std::uint64_t platform_heap_calls = 0;
  /// The events of memory during the run.
  std::vector<PressureLog::Entry> pressure;
  /// The account of the input, and the digest of the captured samples.
  SoundAccount sound;
  SampleDigest captured;

  /// The length of the sound that was captured: a day of the device, at whatever pace it was played.
  double soundSeconds() const {
    return account.captured == 0 ? seconds : static_cast<double>(account.captured) / streamer::sample_rate;
  }
};

/// The simulated device: streams an input at a pace through the pools of `deviceMemory`. Only one at a time.
class DeviceRun {
 public:
  /// `receiver` looks up where the receiver is; called on a thread of its own. With credentials the device
  /// streams over TLS. With a folder its memory is recorded there. Throws `Error` if the credentials cannot
  /// be used, `trace::TraceError` if the folder cannot.
  DeviceRun(Input& input, const Pace& pace, const streamer::Uplink::Config& uplink, LookUp::Function receiver,
            const std::optional<DeviceCredentials>& credentials, const std::string& trace_folder);

  /// Throws `Error` if the device cannot start.
  void start();
  void stop() { streamer_->stop(); }
  /// Effect: ends the input and lets the captured samples arrive. Stops two seconds after the first call.
  /// Call it until the device is done.
  void end();
  bool done() const { return streamer_->done(); }
  /// Effect: writes what was recorded since the last call; to be called several times a second.
  void drainTrace() {
    if (trace_) trace_->drain();
  }
  Progress progress() const;

  /// What a live view shows besides the memory. Context: any thread, until `finish`.
  const Pressure& pressure() const { return *pressure_; }
  const PressureLog& pressureLog() const { return *log_; }
  std::uint64_t boot() const { return boot_; }
  double secondsSoFar() const;

  /// Effect: waits for the end and returns all of the device's memory. Throws `trace::TraceError` if the
  /// trace could not be written.
  DeviceResult finish();

 private:
  using Clock = std::chrono::steady_clock;

  streamer::Link& makeLink();

  // Before what uses the memory.
  std::optional<DeviceTrace> trace_;
  std::optional<DeviceTls> tls_;
  std::optional<std::uint64_t> frames_;
  streamer::Wire wire_;
  std::uint64_t boot_;
  std::optional<EventBus> bus_{std::in_place, deviceMemory()};
  std::optional<Pressure> pressure_{std::in_place, deviceMemory(), devicePressure(), &*bus_};
  std::optional<PressureLog> log_{std::in_place, *bus_};
  std::unique_ptr<InputSource> source_;
  PacedSource paced_;
  DigestingSource captured_;
  streamer::StopFlag stop_;
  LookUp look_up_;
  streamer::TcpLink tcp_{stop_};
  std::optional<streamer::TlsLink> tls_link_;
  std::unique_ptr<streamer::Streamer> streamer_;
  Clock::time_point start_ = Clock::now();
  std::optional<Clock::time_point> ending_;
  std::uint64_t heap_calls_before_ = 0;
};

/// Returns: the name of the simulated device, which is that of the machine that it runs on.
std::string hostName();

/// Returns: the figures of `result` and of the pools, by the names that scripts rely on.
nlohmann::json deviceJson(const DeviceResult& result);

/// Effect: writes each warning to standard error, a line each.
void tellWarnings(const SoundAccount& sound);

}  // namespace millpond::cli
