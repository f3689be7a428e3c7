// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <zephyr/kernel.h>
#if defined(CONFIG_SYS_HEAP_RUNTIME_STATS)
#include <zephyr/sys/sys_heap.h>
#endif

#include <cstddef>
#include <cstdint>

#include "millpond/port/BuildOptions.h"
#include "millpond/port/KernelTicks.h"
#include "millpond/port/ZephyrTask.h"
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "millpond/port/CortexMCpu.h"
#if __ARM_FEATURE_LDREX & 4
#include "millpond/port/ExclusiveAtomic.h"
#else
#include "millpond/port/MaskedAtomic.h"
#endif
#elif defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4)
#include "millpond/port/StdAtomic.h"
#elif defined(__riscv)
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/RiscvCpu.h"
#elif defined(__XTENSA__)
#include "millpond/port/MaskedAtomic.h"
#include "millpond/port/XtensaCpu.h"
#else
#error "Millpond: ZephyrPort knows no atomic instructions for this processor: see docs/porting.md"
#endif

#if defined(CONFIG_SYS_HEAP_RUNTIME_STATS)
extern "C" struct k_heap _system_heap;  // behind k_malloc; Zephyr's headers do not declare it
#endif

namespace millpond::port {

/// The port for Zephyr 3.3 and later, on one core or several. docs/porting.md says what it needs.
class ZephyrPort {
  static_assert(!MILLPOND_IS_SET(CONFIG_TRACING_OBJECT_TRACKING),
                "Millpond: CONFIG_TRACING_OBJECT_TRACKING keeps the addresses of semaphores that are gone: a "
                "waiting thread's lies on its stack");

 public:
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
  static_assert(!MILLPOND_IS_SET(CONFIG_SMP), "Millpond: ZephyrPort takes one core of a Cortex-M");
#if __ARM_FEATURE_LDREX & 4
  template <class T>
  using Atomic = ExclusiveAtomic<T>;
#else
  template <class T>
  using Atomic = MaskedAtomic<T, CortexMCpu>;
#endif
  [[gnu::always_inline]] static bool inInterrupt() { return CortexMCpu::inInterrupt(); }
#else
#if defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4)
  template <class T>
  using Atomic = StdAtomic<T>;
#else
  static_assert(!MILLPOND_IS_SET(CONFIG_SMP),
                "Millpond: several cores need an instruction that compares and swaps");
#if defined(__riscv)
  template <class T>
  using Atomic = MaskedAtomic<T, RiscvCpu>;
#else
  template <class T>
  using Atomic = MaskedAtomic<T, XtensaCpu>;
#endif
#endif
  static bool inInterrupt() { return k_is_in_isr(); }
#endif

  /// Zephyr's interrupt lock: on several cores it is one lock for all. The kernel does not switch to a thread
  /// that becomes ready within it, nor at its end, so the outermost one of a thread asks for the switch.
  class Critical {
   public:
    [[gnu::always_inline]] Critical() : key_(irq_lock()) {}
    [[gnu::always_inline]] ~Critical() {
      const bool switches = switch_due && arch_irq_unlocked(key_);
      if (switches) switch_due = false;
      irq_unlock(key_);
      if (switches) switchThreads();
    }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;

   private:
    const unsigned key_;
  };

  class TaskMutex {
   public:
    TaskMutex() { k_mutex_init(&mutex_); }
#if defined(CONFIG_OBJ_CORE_MUTEX)
    ~TaskMutex() { k_obj_core_unlink(K_OBJ_CORE(&mutex_)); }
#endif
    TaskMutex(const TaskMutex&) = delete;
    TaskMutex& operator=(const TaskMutex&) = delete;
    void lock() { k_mutex_lock(&mutex_, K_FOREVER); }
    void unlock() { k_mutex_unlock(&mutex_); }

   private:
    k_mutex mutex_;
  };

  class Event {
   public:
    Event() { k_sem_init(&semaphore_, 0, 1); }
#if defined(CONFIG_OBJ_CORE_SEM)
    ~Event() { k_obj_core_unlink(K_OBJ_CORE(&semaphore_)); }
#endif
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    bool wait(std::uint64_t deadline_us) {
      if (deadline_us == UINT64_MAX) return k_sem_take(&semaphore_, K_FOREVER) == 0;
      while (true) {
        const std::uint32_t left = Ticks::until(deadline_us, micros());
        if (k_sem_take(&semaphore_, K_TICKS(left)) == 0) return true;
        if (left == 0) return false;
      }
    }

    void notify() {
      const Critical critical;
      switch_due = true;
      k_sem_give(&semaphore_);
    }

   private:
    k_sem semaphore_;
  };

  using Task = ZephyrTask;

  /// Cost: one load once `driveTicks` is called; before, and without it, the kernel's tick count.
  [[gnu::always_inline]] static std::uint32_t ticks() {
    const std::uint32_t ticks = driven_ticks.load();
    return ticks != 0 ? ticks : currentTicks();
  }
  /// Effect: `ticks()` is what it is now until the next call. Context: any, such as a timer's expiry function
  /// every 65 ms.
  static void driveTicks() { driven_ticks.store(currentTicks()); }

  static std::uint64_t micros() { return Ticks::microsOf(static_cast<std::uint64_t>(k_uptime_ticks())); }

  /// For CONFIG_MILLPOND_TASK_NAMES. Empty without CONFIG_THREAD_NAME.
  static const char* taskName() {
    const char* const name = k_thread_name_get(k_current_get());
    return name != nullptr ? name : "";
  }
  static std::uint32_t taskPriority() {
    return ZephyrTask::urgencyOf(k_thread_priority_get(k_current_get()));
  }

  /// The system's heap. Without one (`CONFIG_HEAP_MEM_POOL_SIZE`) there is no memory for anybody.
  static void* heapAllocate(std::size_t bytes, std::size_t alignment) {
    if constexpr (heap_bytes > 0) return k_aligned_alloc(alignment, bytes);
    return nullptr;
  }
  static void heapRelease(void* memory, std::size_t /*bytes*/) {
    if constexpr (heap_bytes > 0) k_free(memory);
  }

#if defined(CONFIG_SYS_HEAP_RUNTIME_STATS)
  static std::size_t heapFreeBytes() {
    sys_memory_stats stats{};
    if constexpr (heap_bytes > 0) sys_heap_runtime_stats_get(&_system_heap.heap, &stats);
    return stats.free_bytes;
  }
#endif

 private:
  using Ticks = KernelTicks<CONFIG_SYS_CLOCK_TICKS_PER_SEC>;

#if defined(K_HEAP_MEM_POOL_SIZE)  // 3.6 and later: with what subsystems add to it
  static constexpr std::size_t heap_bytes = K_HEAP_MEM_POOL_SIZE;
#else
  static constexpr std::size_t heap_bytes = CONFIG_HEAP_MEM_POOL_SIZE;
#endif

  // The end of a scheduler lock is a moment at which the kernel switches, and changes nothing else.
  static void switchThreads() {
    if (inInterrupt()) return;  // it switches at the end of the interrupt
    k_sched_lock();
    k_sched_unlock();
  }

  // From 1 on: 0 says that nobody drives the word.
  static std::uint32_t currentTicks() { return static_cast<std::uint32_t>(micros() >> 16U) + 1U; }

  static inline constinit Atomic<std::uint32_t> driven_ticks{0};
  // Whether a thread was made ready within a Critical. It is read and written within one.
  static inline constinit bool switch_due = false;
};

}  // namespace millpond::port
