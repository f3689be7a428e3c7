// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "../sdkconfig.h"
// An instruction that compares and swaps comes with the second core.
#if defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4)
#define SOC_CPU_CORES_NUM 2
#else
#define SOC_CPU_CORES_NUM 1
#endif
