// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "cli/device/DeviceRun.h"
#include "cli/http/HttpServer.h"
#include "millpond/Metrics.h"

namespace millpond::cli {

/// Returns: what a server shows of a device: the dashboard, metrics, the memory as JSON, and that as events.
/// `device` outlives the server, which must end before `DeviceRun::finish`.
HttpContent viewOf(const DeviceRun& device);

/// Returns: the memory of a device at this moment, as /memory.json has it.
nlohmann::json memoryJson(const DeviceRun& device);

/// Returns: the format of metrics that an Accept header prefers.
Metrics::Format preferredFormat(std::string_view accept);

}  // namespace millpond::cli
