// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_FAIL -1
#define ESP_ERR_INVALID_ARG 0x102
