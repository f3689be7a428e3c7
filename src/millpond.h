// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/BlockPool.h"
#include "millpond/EventBus.h"
#include "millpond/HeapWatch.h"
#include "millpond/LeakWatch.h"
#include "millpond/MemoryJson.h"
#include "millpond/MemoryManager.h"
#include "millpond/Metrics.h"
#include "millpond/Pressure.h"
#include "millpond/RunPool.h"
#include "millpond/StaticBuffer.h"
#include "millpond/Version.h"
