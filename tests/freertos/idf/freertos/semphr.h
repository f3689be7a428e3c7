// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "../../include/semphr.h"
#include "FreeRTOS.h"
