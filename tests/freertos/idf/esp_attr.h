// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#define MILLPOND_TEST_SECTION_OF(name, number) __attribute__((section(name "." #number)))
#define MILLPOND_TEST_SECTION(name, number) MILLPOND_TEST_SECTION_OF(name, number)
#define IRAM_ATTR MILLPOND_TEST_SECTION(".iram1", __COUNTER__)
#define DRAM_ATTR MILLPOND_TEST_SECTION(".dram1", __COUNTER__)
