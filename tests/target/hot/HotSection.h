// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// Included before everything else: puts what an interrupt may run, and the constants that it reads, where a
// device has its RAM. A section of its own for each, because a section holds code or data and not both.
#define MILLPOND_TEXT_OF(number) #number
#define MILLPOND_SECTION(name, number) [[gnu::section(name MILLPOND_TEXT_OF(number))]]
#define MILLPOND_HOT MILLPOND_SECTION(".iram.millpond.", __COUNTER__)
#define MILLPOND_HOT_DATA MILLPOND_SECTION(".dram.millpond.", __COUNTER__)
