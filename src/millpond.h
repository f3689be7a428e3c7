// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/Buffer.h"
#include "millpond/MemoryManager.h"
#include "millpond/StaticBuffer.h"
