// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>
#include <millpond.h>

namespace http {

/// Effect: serves /metrics and /healthz from a task of the lowest priority, for Prometheus. Requires: the
/// network is up; both live as long as the device. Returns: ESP-IDF's error.
esp_err_t begin(const millpond::MemoryManager& memory, const millpond::Pressure& pressure);

}  // namespace http
