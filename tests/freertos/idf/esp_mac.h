// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>
#include <stdint.h>

typedef enum { ESP_MAC_WIFI_STA } esp_mac_type_t;

#ifdef __cplusplus
extern "C"
#endif
    esp_err_t
    esp_read_mac(uint8_t* mac, esp_mac_type_t type);
