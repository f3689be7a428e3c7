// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>

/// Wi-Fi as a station. It connects again by itself for as long as the device runs; meanwhile the streamer
/// holds sound back.
namespace network {

/// Effect: starts it, and does not wait for a connection. Returns: ESP_OK, or why there will be none.
esp_err_t begin();

}  // namespace network
