// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// ESP-IDF's sections for `Hot.h`, if Kconfig asks for them.
#include <sdkconfig.h>

#if CONFIG_MILLPOND_INTERRUPTS_FROM_IRAM
#include <esp_attr.h>
#define MILLPOND_HOT IRAM_ATTR
#define MILLPOND_HOT_DATA DRAM_ATTR
#endif
