// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/Verdict.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands/Interrupt.h"
#include "cli/show/MemoryReport.h"
#include "cli/show/OutageNotice.h"

namespace millpond::cli {

namespace {

std::string whyNotDelivered(const DeviceResult& result) {
  if (interrupted()) return "interrupted before everything was delivered";
  const std::string reason = outageText(result.uplink.outage);
  return "gave up before everything was delivered" + (reason.empty() ? "" : ": " + reason);
}

}  // namespace

std::vector<std::string> troublesOf(const DeviceResult& result) {
  std::vector<std::string> troubles;
  if (!result.delivered) troubles.push_back(whyNotDelivered(result));
  if (const nlohmann::json leaks = leaksJson(deviceMemory()); !leaks.empty()) {
    troubles.push_back("memory leaked: " + leaks.dump());
  }
  if (result.platform_heap_calls > 0) {
    troubles.push_back(
        fmt::format("the device's threads called the platform's heap {} times", result.platform_heap_calls));
  }
  if (result.sound.failed) troubles.emplace_back("the input failed");
  return troubles;
}

}  // namespace millpond::cli
