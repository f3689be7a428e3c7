// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// As in a firmware: this line chooses lwIP's heap.
#include "millpond/adapters/lwip_memory.h"

#define NO_SYS 1
#define MEM_ALIGNMENT 8
