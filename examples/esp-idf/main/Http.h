// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>
#include <millpond.h>

#include <span>

namespace http {

/// What is served. All of it lives as long as the device.
struct Served {
  const millpond::MemoryManager& memory;
  const millpond::Pressure& pressure;
  /// What a reader of the figures must send, 8 to 256 characters; "" lets everybody read.
  const char* token;
  /// The dashboard, compressed by gzip; empty if the build has none.
  std::span<const char> page;
};

/// Effect: serves /, /metrics, /memory.json and /healthz from a task of the lowest priority. Requires: the
/// network is up; called once. Returns: ESP-IDF's error; ESP_ERR_INVALID_ARG for a token of another length.
esp_err_t begin(const Served& served);

}  // namespace http
