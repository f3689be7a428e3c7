// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/device/DeviceRun.h"
#include "cli/device/PressureLog.h"
#include "cli/http/HttpServer.h"
#include "millpond/Metrics.h"

namespace millpond::cli {

/// A device as a server shows it. What it names outlives the server.
struct ShownDevice {
  std::string name;
  std::uint64_t boot = 0;
  const MemoryManager& memory;
  const Pressure& pressure;
  const PressureLog* log = nullptr;  // nullptr: nobody keeps the events of pressure
  std::function<double()> seconds;   // since its start
};

/// Returns: what a server shows of a device: the dashboard, metrics, the memory as JSON, and that as events.
/// `device` outlives the server, which must end before `DeviceRun::finish`.
HttpContent viewOf(const DeviceRun& device);

/// Returns: the dashboard, /metrics and /memory.json of a device, below the path `prefix`.
std::vector<HttpPage> pagesOf(const ShownDevice& device, const std::string& prefix);

/// Returns: the page /healthz.
HttpPage healthPage();

/// Returns: the format of metrics that an Accept header prefers.
Metrics::Format preferredFormat(std::string_view accept);

}  // namespace millpond::cli
