// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "esp_err.h"

typedef void (*esp_freertos_tick_cb_t)(void);

#ifdef __cplusplus
extern "C"
#endif
    esp_err_t
    esp_register_freertos_tick_hook(esp_freertos_tick_cb_t hook);
