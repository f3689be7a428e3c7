// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// A chip with two cores and no external memory, unless the build says otherwise.
#define CONFIG_FREERTOS_HZ 100
