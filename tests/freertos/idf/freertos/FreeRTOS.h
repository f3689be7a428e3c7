// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// What ESP-IDF adds to FreeRTOS.
#include "../sdkconfig.h"

#define configTICK_RATE_HZ CONFIG_FREERTOS_HZ
#include "../../include/FreeRTOS.h"

#define portNUM_PROCESSORS 2
#define tskNO_AFFINITY ((BaseType_t)0x7FFFFFFF)

typedef struct {
  uint32_t owner;
  uint32_t count;
} portMUX_TYPE;
#define portMUX_INITIALIZER_UNLOCKED \
  { .owner = 0, .count = 0 }

#ifdef __cplusplus
extern "C" {
#endif

BaseType_t xPortInIsrContext(void);
BaseType_t xPortGetCoreID(void);
void vPortEnterCriticalSafe(portMUX_TYPE* lock);
void vPortExitCriticalSafe(portMUX_TYPE* lock);
#define portENTER_CRITICAL_SAFE(lock) vPortEnterCriticalSafe(lock)
#define portEXIT_CRITICAL_SAFE(lock) vPortExitCriticalSafe(lock)

#ifdef __cplusplus
}
#endif
