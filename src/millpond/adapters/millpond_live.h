// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

/// What the memory looks like, for C (C11): as metrics for Prometheus and as JSON.
///
///     #include <millpond/adapters/millpond_live.h>
///
///     static bool send(void* request, const char* text, size_t bytes) {
///       return httpd_resp_send_chunk(request, text, bytes) == ESP_OK;
///     }
///     char room[512];
///     millpond_write_metrics(device(), pressure(), false, room, sizeof(room), send, request);
///
/// Nothing here allocates or takes a lock: `Metrics.h` and `MemoryJson.h` are the manual.

#include "millpond/adapters/millpond_events.h"

#ifdef __cplusplus
extern "C" {
#endif

// NOLINTBEGIN(modernize-use-using): C has no aliases

/// Takes the next piece of a text, which does not end with a zero. Returns: whether it was taken.
typedef bool (*millpond_write)(void* context, const char* text, size_t bytes);

/// Hands the figures of the manager, and of `pressure` unless that is NULL, to `write` piece by piece. `room`
/// holds a piece and has at least 192 bytes, and twice the longest name. Sources beyond the first 15 are
/// summed. Returns: whether all was written; false if `write` refused a piece, `room` is too small, or an
/// argument is NULL. Context: task.
bool millpond_write_metrics(const millpond_manager* manager, const millpond_pressure* pressure,
                            bool open_metrics, char* room, size_t room_bytes, millpond_write write,
                            void* context);
/// The value of the HTTP header Content-Type for them. Context: any that reaches flash.
const char* millpond_metrics_content_type(bool open_metrics);

/// What only the device knows: `MemoryJson::Device`. Both names may be NULL.
typedef struct millpond_device {
  const char* name;
  const char* boot;
  uint64_t time_ms;
  uint64_t up_ms;
} millpond_device;
/// As `millpond_write_metrics`, in JSON: `room` has at least 384 bytes, and six times the longest name.
bool millpond_write_json(const millpond_manager* manager, const millpond_pressure* pressure,
                         const millpond_device* device, char* room, size_t room_bytes, millpond_write write,
                         void* context);

// NOLINTEND(modernize-use-using)

#ifdef __cplusplus
}
#endif
