// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "../../include/task.h"
#include "FreeRTOS.h"

#ifdef __cplusplus
extern "C"
#endif
    TaskHandle_t
    xTaskCreateStaticPinnedToCore(TaskFunction_t run, const char* name, uint32_t stack_bytes, void* argument,
                                  UBaseType_t priority, StackType_t* stack, StaticTask_t* control_block,
                                  BaseType_t core);
