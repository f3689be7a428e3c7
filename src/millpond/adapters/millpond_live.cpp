// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/adapters/millpond_live.h"

#include <array>
#include <cstddef>
#include <span>

#include "millpond/MemoryJson.h"
#include "millpond/Metrics.h"
#include "millpond/adapters/CEvents.h"

namespace millpond {
namespace {

const Pressure* own(const millpond_pressure* pressure) { return reinterpret_cast<const Pressure*>(pressure); }

Metrics::Format formatOf(bool open_metrics) {
  return open_metrics ? Metrics::Format::open_metrics : Metrics::Format::text;
}

template <class Document>
bool writeAll(Document& document, std::span<char> room, millpond_write write, void* context) {
  while (const std::size_t bytes = document.write(room)) {
    if (!write(context, room.data(), bytes)) return false;
  }
  return !document.tooSmall();
}

}  // namespace

extern "C" {

bool millpond_write_metrics(const millpond_manager* manager, const millpond_pressure* pressure,
                            bool open_metrics, char* room, size_t room_bytes, millpond_write write,
                            void* context) {
  if (manager == nullptr || room == nullptr || write == nullptr) return false;
  std::array<SourceStats, 16> sources;
  Metrics metrics(fromC(manager), own(pressure), sources, formatOf(open_metrics));
  return writeAll(metrics, {room, room_bytes}, write, context);
}

const char* millpond_metrics_content_type(bool open_metrics) {
  return Metrics::contentType(formatOf(open_metrics));
}

bool millpond_write_json(const millpond_manager* manager, const millpond_pressure* pressure,
                         const millpond_device* device, char* room, size_t room_bytes, millpond_write write,
                         void* context) {
  if (manager == nullptr || device == nullptr || room == nullptr || write == nullptr) return false;
  MemoryJson json(
      fromC(manager), own(pressure),
      {.name = device->name, .boot = device->boot, .time_ms = device->time_ms, .up_ms = device->up_ms});
  return writeAll(json, {room, room_bytes}, write, context);
}

}  // extern "C"

}  // namespace millpond
