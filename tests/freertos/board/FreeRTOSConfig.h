// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The kernel on the boards under QEMU. An instruction is 1024 ns of their time.
#if defined(__riscv)
#define configCPU_CLOCK_HZ 10000000 /* of the core's timer */
#else
#define configCPU_CLOCK_HZ 25000000
#endif
#define configTICK_RATE_HZ ((TickType_t)1000)
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configUSE_PREEMPTION 1
#define configMAX_PRIORITIES 8
#define configMINIMAL_STACK_SIZE ((unsigned short)128)
#define configTOTAL_HEAP_SIZE 131072
#define configUSE_MUTEXES 1
#define configSUPPORT_STATIC_ALLOCATION 1
#define configKERNEL_PROVIDED_STATIC_MEMORY 1
#define configSUPPORT_DYNAMIC_ALLOCATION 1
#define configTASK_NOTIFICATION_ARRAY_ENTRIES 2
#define configUSE_IDLE_HOOK 0
#define configUSE_TICK_HOOK 1
#define INCLUDE_vTaskDelay 1
#define INCLUDE_vTaskDelete 1
#define INCLUDE_vTaskSuspend 1
#define INCLUDE_eTaskGetState 1
#define INCLUDE_uxTaskPriorityGet 1
#define INCLUDE_xTaskGetSchedulerState 1

#ifdef __cplusplus
extern "C"
#endif
    void
    kernelFault(const char* file, int line);
#define configASSERT(holds)                        \
  do {                                             \
    if (!(holds)) kernelFault(__FILE__, __LINE__); \
  } while (0)

#define configKERNEL_INTERRUPT_PRIORITY 255
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 32
#define configMTIME_BASE_ADDRESS 0x200BFF8
#define configMTIMECMP_BASE_ADDRESS 0x2004000
#define configISR_STACK_SIZE_WORDS 512
