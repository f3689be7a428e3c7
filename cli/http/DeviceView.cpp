// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/DeviceView.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/device/DeviceMemory.h"
#include "cli/http/Dashboard.h"
#include "millpond/MemoryJson.h"

namespace millpond::cli {

namespace {

constexpr std::size_t most_sources = 32;

const char* kindName(PressureLog::Entry::Kind kind) {
  using Kind = PressureLog::Entry::Kind;
  if (kind == Kind::level) return "level";
  if (kind == Kind::reclaim) return "reclaim";
  return kind == Kind::pools_released ? "released" : "reacquired";
}

nlohmann::json eventsJson(const PressureLog& log) {
  nlohmann::json events = nlohmann::json::array();
  for (const auto& [number, entry] : log.latest()) {
    events.push_back({{"number", number},
                      {"t", entry.t},
                      {"kind", kindName(entry.kind)},
                      {"level", levelName(entry.level)},
                      {"name", entry.name},
                      {"bytes", entry.bytes}});
  }
  return events;
}

// One line, in which invalid UTF-8 became U+FFFD.
std::string lineOf(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// All of what the library writes piece by piece, however long a name is.
template <class Document>
std::string textOf(Document& document) {
  std::vector<char> buffer(4096);
  std::string text;
  while (true) {
    const std::size_t bytes = document.write(buffer);
    text.append(buffer.data(), bytes);
    if (document.tooSmall()) buffer.resize(2 * buffer.size());
    if (bytes == 0 && !document.tooSmall()) return text;
  }
}

std::string metricsText(const ShownDevice& device, Metrics::Format format) {
  std::array<SourceStats, most_sources> sources;
  Metrics metrics(device.memory, &device.pressure, sources, format);
  return textOf(metrics);
}

// The library's document, and what only the command keeps.
std::string memoryText(const ShownDevice& device) {
  const std::string boot = fmt::format("{:016x}", device.boot);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  MemoryJson document(device.memory, &device.pressure,
                      {.name = device.name.c_str(),
                       .boot = boot.c_str(),
                       .time_ms = static_cast<std::uint64_t>(now_ms),
                       .up_ms = static_cast<std::uint64_t>(device.seconds() * 1000)});
  nlohmann::json json = nlohmann::json::parse(textOf(document));
  json["pressure"]["events"] = device.log != nullptr ? eventsJson(*device.log) : nlohmann::json::array();
  return lineOf(json);
}

ShownDevice shown(const DeviceRun& device) {
  return {.name = hostName(),
          .boot = device.boot(),
          .memory = deviceMemory(),
          .pressure = device.pressure(),
          .log = &device.pressureLog(),
          .seconds = [&device] { return device.secondsSoFar(); }};
}

// The weight of a media range in an Accept header; -1 if the range is not in it.
double weightOf(std::string_view accept, std::string_view range) {
  double most = -1;
  while (!accept.empty()) {
    std::string_view item = accept.substr(0, accept.find(','));
    accept.remove_prefix(item.size() + (item.size() < accept.size() ? 1 : 0));
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    if (item.substr(0, item.find_first_of("; \t")) != range) continue;
    double weight = 1;
    if (const std::size_t q = item.find("q="); q != std::string_view::npos) {
      std::from_chars(item.data() + q + 2, item.data() + item.size(), weight);
    }
    most = std::max(most, weight);
  }
  return most;
}

}  // namespace

Metrics::Format preferredFormat(std::string_view accept) {
  const double open_metrics = weightOf(accept, "application/openmetrics-text");
  const double text = weightOf(accept, "text/plain");
  return open_metrics > 0 && open_metrics >= text ? Metrics::Format::open_metrics : Metrics::Format::text;
}

std::vector<HttpPage> pagesOf(const ShownDevice& device, const std::string& prefix) {
  return {{prefix + "/",
           [](std::string_view) {
             return HttpReply{"text/html; charset=utf-8", dashboardPage()};
           },
           true},
          {prefix + "/metrics",
           [device](std::string_view accept) {
             const Metrics::Format format = preferredFormat(accept);
             return HttpReply{Metrics::contentType(format), metricsText(device, format)};
           }},
          {prefix + "/memory.json", [device](std::string_view) {
             return HttpReply{MemoryJson::content_type, memoryText(device) + "\n"};
           }}};
}

HttpPage healthPage() {
  return {"/healthz", [](std::string_view) { return HttpReply{"text/plain; charset=utf-8", "ok\n"}; }, true};
}

HttpContent viewOf(const DeviceRun& device) {
  HttpContent content;
  content.pages = pagesOf(shown(device), "");
  content.pages.push_back(healthPage());
  content.events_path = "/events";
  content.event = [device = shown(device)] { return memoryText(device); };
  return content;
}

}  // namespace millpond::cli
