// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>
#include <esp_heap_caps.h>
#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>
#include <freertos/task.h>
#include <sdkconfig.h>
#if CONFIG_IDF_TARGET_LINUX
#include <ctime>
#else
#include <esp_memory_utils.h>
#include <esp_timer.h>
#include <soc/soc_caps.h>
#endif

#include <cstddef>
#include <cstdint>

#include "millpond/port/BuildOptions.h"
#include "millpond/port/EspIdfCapability.h"
#include "millpond/port/FreeRtosEvent.h"
#include "millpond/port/FreeRtosMutex.h"
#include "millpond/port/FreeRtosScheduler.h"
#include "millpond/port/FreeRtosTask.h"
#if CONFIG_IDF_TARGET_LINUX
#include "millpond/port/InterruptDepth.h"
#endif
#if defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4)
#include "millpond/port/StdAtomic.h"
#elif defined(__riscv)
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/RiscvCpu.h"
#else
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/XtensaCpu.h"
#endif

namespace millpond::port {

/// The port for ESP-IDF 5.1 to 6, and so for Arduino on an ESP32: one core or two, and IDF's `linux` target.
class EspIdfPort {
 public:
  // Compare-and-swap: ESP32, S3, C6, H2, P4 and hosts. The others mask interrupts by two instructions: IDF's
  // own call is a function. The words must lie in internal RAM.
#if defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4)
  template <class T>
  using Atomic = StdAtomic<T>;
#else
  static_assert(SOC_CPU_CORES_NUM == 1, "Millpond: two cores need an instruction that compares and swaps");
#if defined(__riscv)
  template <class T>
  using Atomic = MaskedAtomic<T, RiscvCpu>;
#else
  template <class T>
  using Atomic = MaskedAtomic<T, XtensaCpu>;
#endif
#endif

#if CONFIG_IDF_TARGET_LINUX
  /// A test holds one where it plays an interrupt: that target's kernel reports none.
  using InterruptScope = InterruptDepth::Scope;
  static bool inInterrupt() { return InterruptDepth::any(); }
#else
  [[gnu::always_inline]] static bool inInterrupt() { return xPortInIsrContext() != 0; }
#endif

  /// One spin lock for the program, with interrupts masked.
  class Critical {
   public:
    [[gnu::always_inline]] Critical() { portENTER_CRITICAL_SAFE(&lock); }
    [[gnu::always_inline]] ~Critical() { portEXIT_CRITICAL_SAFE(&lock); }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;

   private:
    static inline portMUX_TYPE lock = portMUX_INITIALIZER_UNLOCKED;
  };

  using TaskMutex = FreeRtosMutex;
  using Event = FreeRtosEvent<EspIdfPort, CONFIG_MILLPOND_NOTIFICATION_INDEX>;
  using Task = FreeRtosTask<EspIdfPort>;

#if CONFIG_IDF_TARGET_LINUX
  static std::uint32_t ticks() { return static_cast<std::uint32_t>(micros() >> 16U); }
  static std::uint64_t micros() {
    std::timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000U;
  }
#else
  /// Cost: one load. The tick interrupt drives it: at `CONFIG_FREERTOS_HZ`, and late by as long as the chip
  /// sleeps.
  [[gnu::always_inline]] static std::uint32_t ticks() { return driven_ticks.load(); }
  // Inlined, so that the tick hook finds it in RAM at any optimisation.
  [[gnu::always_inline]] static std::uint64_t micros() {
    return static_cast<std::uint64_t>(esp_timer_get_time());
  }
#endif

  /// For CONFIG_MILLPOND_TRACE_RECORDS: each core has a ring of its own.
  static constexpr std::uint32_t cores = portNUM_PROCESSORS;
  [[gnu::always_inline]] static std::uint32_t core() { return static_cast<std::uint32_t>(xPortGetCoreID()); }

  /// For CONFIG_MILLPOND_TASK_NAMES.
  static const char* taskName() { return FreeRtosScheduler::taskName(); }
  static std::uint32_t taskPriority() { return FreeRtosScheduler::taskPriority(); }

  /// What ESP-IDF's heap aligns every block to; for more it looks for a larger hole.
#if CONFIG_IDF_TARGET_LINUX
  static constexpr std::size_t heap_alignment = alignof(std::max_align_t);
#else
  static constexpr std::size_t heap_alignment = 4;
#endif
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    return alignment <= heap_alignment ? heap_caps_malloc(bytes, MALLOC_CAP_DEFAULT)
                                       : heap_caps_aligned_alloc(alignment, bytes, MALLOC_CAP_DEFAULT);
  }
  static void heapRelease(void* memory, std::size_t /*bytes*/) { heap_caps_free(memory); }

  /// Returns: memory that has every flag of `capability` (MALLOC_CAP_*), or nullptr. Memory that DMA or a
  /// cache reaches shares no cache line with another block of the heap. Context: task.
  static void* heapAllocateCapable(std::size_t bytes, std::size_t alignment, std::uint32_t capability) {
    return EspIdfCapability::allocate(bytes, alignment, capability);
  }

#if !CONFIG_IDF_TARGET_LINUX
  // Of what heapAllocate takes. The linux target's heap is the host's, which does not tell.
  static std::size_t heapFreeBytes() { return heap_caps_get_free_size(MALLOC_CAP_DEFAULT); }
  static std::size_t heapLargestFreeBlock() { return heap_caps_get_largest_free_block(MALLOC_CAP_DEFAULT); }
#endif

  /// Effect: from now on ESP-IDF calls `hook`, and no other, for each request that its heap refuses, in the
  /// task that asked. Returns: false if ESP-IDF refuses. Context: task.
  static bool onHeapFailure(esp_alloc_failed_hook_t hook) {
    return heap_caps_register_failed_alloc_callback(hook) == ESP_OK;
  }

  /// For `Task`. The kernel would stop the program for a stack in external memory, unless it is configured to
  /// take it.
  static TaskHandle_t createTask(const TaskSettings& settings, void (*run)(void*), void* argument,
                                 StaticTask_t& control_block) {
    if (settings.core < TaskSettings::any_core || settings.core >= portNUM_PROCESSORS) return nullptr;
#if !CONFIG_IDF_TARGET_LINUX && !CONFIG_SPIRAM_ALLOW_STACK_EXTERNAL_MEMORY && \
    !CONFIG_FREERTOS_TASK_CREATE_ALLOW_EXT_MEM
    if (!esp_ptr_internal(settings.stack.data())) return nullptr;
#endif
    const BaseType_t core =
        settings.core == TaskSettings::any_core ? BaseType_t{tskNO_AFFINITY} : settings.core;
    return xTaskCreateStaticPinnedToCore(
        run, settings.name, static_cast<std::uint32_t>(settings.stack.size() / sizeof(StackType_t)), argument,
        settings.priority, reinterpret_cast<StackType_t*>(settings.stack.data()), &control_block, core);
  }

#if !CONFIG_IDF_TARGET_LINUX
 private:
  // In EspIdfPort.cpp, which registers the tick hook that drives it before main.
  static void driveTicks();
  static const bool hooked;
  static Atomic<std::uint32_t> driven_ticks;
#endif
};

}  // namespace millpond::port
