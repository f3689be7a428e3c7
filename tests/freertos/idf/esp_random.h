// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C"
#endif
    uint32_t
    esp_random(void);
