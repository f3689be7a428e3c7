// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// What the ports call of FreeRTOS, by its documented interface: enough to compile them for any chip, and
// carried out by Double.cpp on a host.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef long BaseType_t;
typedef unsigned long UBaseType_t;
#if defined(MILLPOND_TEST_TICK_TYPE)
typedef MILLPOND_TEST_TICK_TYPE TickType_t;
#else
typedef uint32_t TickType_t;
#endif
#if defined(ESP_PLATFORM)
typedef uint8_t StackType_t;
#define configMINIMAL_STACK_SIZE 768
#else
typedef uintptr_t StackType_t;
#define configMINIMAL_STACK_SIZE ((uint16_t)128)
#endif

#define pdFALSE ((BaseType_t)0)
#define pdTRUE ((BaseType_t)1)
#define pdPASS pdTRUE
#define portMAX_DELAY ((TickType_t) ~(TickType_t)0)
#if !defined(configTICK_RATE_HZ)
#define configTICK_RATE_HZ ((TickType_t)1000)
#endif
#define configMAX_PRIORITIES (25)
#define configTASK_NOTIFICATION_ARRAY_ENTRIES 2

// Larger on a host, whose double keeps a thread and a lock in them.
typedef struct {
  void* words[sizeof(void*) == 4 ? 20 : 24];
} StaticSemaphore_t;
typedef struct {
  void* words[sizeof(void*) == 4 ? 90 : 64];
} StaticTask_t;
typedef struct {
  BaseType_t xOverflowCount;
  TickType_t xTimeOnEntering;
} TimeOut_t;
typedef struct {
  size_t xAvailableHeapSpaceInBytes;
  size_t xSizeOfLargestFreeBlockInBytes;
  size_t xNumberOfSuccessfulAllocations;
} HeapStats_t;

void* pvPortMalloc(size_t bytes);
void vPortFree(void* memory);
size_t xPortGetFreeHeapSize(void);
void vPortGetHeapStats(HeapStats_t* stats);

BaseType_t xPortIsInsideInterrupt(void);
void vPortYieldFromIsr(BaseType_t needed);
#define portYIELD_FROM_ISR(needed) vPortYieldFromIsr(needed)

#ifdef __cplusplus
}
#endif
