// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <FreeRTOS.h>
#include <semphr.h>
#include <task.h>

#include <cstddef>
#include <cstdint>

#include "millpond/port/BuildOptions.h"
#include "millpond/port/FreeRtosEvent.h"
#include "millpond/port/FreeRtosMutex.h"
#include "millpond/port/FreeRtosScheduler.h"
#include "millpond/port/FreeRtosTask.h"
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "millpond/port/CortexMCpu.h"
#if __ARM_FEATURE_LDREX & 4
#include "millpond/port/ExclusiveAtomic.h"
#else
#include "millpond/port/MaskedAtomic.h"
#endif
#elif defined(__riscv)
#include "millpond/port/InterruptDepth.h"
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/RiscvCpu.h"
#elif defined(__XTENSA__)
#include "millpond/port/InterruptDepth.h"
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/XtensaCpu.h"
#else
#include "millpond/port/StdAtomic.h"
#endif

// The heap_N.c that the program links, for what can be asked of it: 3 tells nothing, 1 and 2 their free
// bytes, 4 and 5 their largest free block as well.
#if !defined(MILLPOND_FREERTOS_HEAP)
#define MILLPOND_FREERTOS_HEAP 4
#endif

namespace millpond::port {

/// The port for FreeRTOS 10.4 and later on one core; ESP-IDF's FreeRTOS has `EspIdfPort`. docs/porting.md
/// says what it needs of FreeRTOSConfig.h and of interrupts.
class FreeRtosPort {
#if defined(configNUMBER_OF_CORES)
  static_assert(configNUMBER_OF_CORES == 1, "Millpond: FreeRtosPort is for one core");
#endif

 public:
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#if __ARM_FEATURE_LDREX & 4
  template <class T>
  using Atomic = ExclusiveAtomic<T>;
#else
  template <class T>
  using Atomic = MaskedAtomic<T, CortexMCpu>;
#endif
  [[gnu::always_inline]] static bool inInterrupt() { return CortexMCpu::inInterrupt(); }
#elif defined(__riscv) || defined(__XTENSA__)
#if defined(__riscv)
  using Cpu = RiscvCpu;
#else
  using Cpu = XtensaCpu;
#endif
  template <class T>
  using Atomic = MaskedAtomic<T, Cpu>;
  /// The application's interrupt handlers hold one: the kernel does not tell that it is in an interrupt.
  using InterruptScope = InterruptDepth::Scope;
  [[gnu::always_inline]] static bool inInterrupt() { return InterruptDepth::any(); }
#else
  template <class T>
  using Atomic = StdAtomic<T>;
  [[gnu::always_inline]] static bool inInterrupt() { return xPortIsInsideInterrupt() != pdFALSE; }
#endif

  /// The kernel's critical section, by context. The kernel counts them, so its own calls within one do not
  /// end it.
  class Critical {
   public:
    [[gnu::always_inline]] Critical() : in_interrupt_(inInterrupt()) {
      if (in_interrupt_) {
        before_ = maskInInterrupt();
      } else {
        taskENTER_CRITICAL();
      }
    }
    [[gnu::always_inline]] ~Critical() {
      if (in_interrupt_) {
        restoreInInterrupt(before_);
      } else {
        taskEXIT_CRITICAL();
      }
    }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;

   private:
#if defined(__riscv) || defined(__XTENSA__)
    // The kernel's own do nothing there, because its interrupts do not nest; an application's may.
    using Mask = std::uint32_t;
    [[gnu::always_inline]] static Mask maskInInterrupt() { return Cpu::mask(); }
    [[gnu::always_inline]] static void restoreInInterrupt(Mask before) { Cpu::restore(before); }
#else
    using Mask = UBaseType_t;
    [[gnu::always_inline]] static Mask maskInInterrupt() {
      return static_cast<Mask>(taskENTER_CRITICAL_FROM_ISR());
    }
    [[gnu::always_inline]] static void restoreInInterrupt(Mask before) { taskEXIT_CRITICAL_FROM_ISR(before); }
#endif

    const bool in_interrupt_;
    Mask before_ = 0;
  };

  using TaskMutex = FreeRtosMutex;
  using Event = FreeRtosEvent<FreeRtosPort, CONFIG_MILLPOND_NOTIFICATION_INDEX>;
  using Task = FreeRtosTask<FreeRtosPort>;

  /// Cost: one load once `driveTicks` is called; before, and without it, the kernel's tick count.
  [[gnu::always_inline]] static std::uint32_t ticks() {
    const std::uint32_t ticks = driven_ticks.load();
    return ticks != 0 ? ticks : currentTicks();
  }
  /// Effect: `ticks()` follows the kernel's ticks. Context: `vApplicationTickHook`, at each tick.
  static void driveTicks() {
#if defined(__riscv) || defined(__XTENSA__)
    // Without it the critical section below would be a task's, whose end enables interrupts.
    const InterruptScope scope;
#endif
    driven_ticks.store(currentTicks());
  }

  /// The kernel's tick count, whose overflows the kernel counts.
  static std::uint64_t micros() {
    TimeOut_t now{};
    {
      const Critical critical;
      vTaskInternalSetTimeOutState(&now);
    }
    std::uint64_t count = now.xTimeOnEntering;
    if constexpr (sizeof(TickType_t) < sizeof count) {
      constexpr unsigned bits = 8 * sizeof(TickType_t);
      count |= std::uint64_t{static_cast<UBaseType_t>(now.xOverflowCount)} << bits;
    }
    return FreeRtosTime::microsOf(count);
  }

  /// For CONFIG_MILLPOND_TASK_NAMES.
  static const char* taskName() { return FreeRtosScheduler::taskName(); }
  static std::uint32_t taskPriority() { return FreeRtosScheduler::taskPriority(); }

  /// The kernel's heap aligns to 8, and a release is not told the alignment: the block's start is kept in the
  /// word in front of the memory.
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    const std::size_t room = alignment < least_room ? least_room : alignment;
    if (bytes > SIZE_MAX - room) return nullptr;
    auto* const block = static_cast<std::byte*>(pvPortMalloc(bytes + room));
    if (block == nullptr) return nullptr;
    const auto behind = reinterpret_cast<std::uintptr_t>(block) & (room - 1);
    std::byte* const memory = block + (room - behind);
    reinterpret_cast<void**>(memory)[-1] = block;
    return memory;
  }
  static void heapRelease(void* memory, std::size_t /*bytes*/) { vPortFree(static_cast<void**>(memory)[-1]); }

#if MILLPOND_FREERTOS_HEAP != 3
  /// heap_4 says 0 until its first allocation, which this makes. Once exhausted it is not asked again: a
  /// failed allocation calls the application's hook.
  static std::size_t heapFreeBytes() {
#if MILLPOND_FREERTOS_HEAP == 4
    if (xPortGetFreeHeapSize() == 0) {
      HeapStats_t stats{};
      vPortGetHeapStats(&stats);
      if (stats.xNumberOfSuccessfulAllocations == 0) vPortFree(pvPortMalloc(1));
    }
#endif
    return xPortGetFreeHeapSize();
  }
#endif
#if MILLPOND_FREERTOS_HEAP >= 4
  static std::size_t heapLargestFreeBlock() {
    HeapStats_t stats{};
    vPortGetHeapStats(&stats);
    return stats.xSizeOfLargestFreeBlockInBytes;
  }
#endif

  /// For `Task`.
  static TaskHandle_t createTask(const TaskSettings& settings, void (*run)(void*), void* argument,
                                 StaticTask_t& control_block) {
    return xTaskCreateStatic(
        run, settings.name, static_cast<std::uint32_t>(settings.stack.size() / sizeof(StackType_t)), argument,
        settings.priority, reinterpret_cast<StackType_t*>(settings.stack.data()), &control_block);
  }

 private:
  static constexpr std::size_t least_room = sizeof(void*) < 8 ? 8 : 2 * sizeof(void*);

  // From 1 on: 0 says that nobody drives the word.
  static std::uint32_t currentTicks() { return static_cast<std::uint32_t>(micros() >> 16U) + 1U; }

  static inline constinit Atomic<std::uint32_t> driven_ticks{0};
};

}  // namespace millpond::port
