// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// What the port calls of Zephyr, by its documented interface: enough to compile it for any chip, and carried
// out by Double.cpp on a host.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(CONFIG_SYS_CLOCK_TICKS_PER_SEC)
#define CONFIG_SYS_CLOCK_TICKS_PER_SEC 10000
#endif
#if !defined(CONFIG_HEAP_MEM_POOL_SIZE)
#define CONFIG_HEAP_MEM_POOL_SIZE 100000
#endif
#define CONFIG_NUM_COOP_PRIORITIES 16
#define CONFIG_NUM_PREEMPT_PRIORITIES 15
#define CONFIG_IDLE_STACK_SIZE 320
#define CONFIG_MP_MAX_NUM_CPUS 2

#define K_HIGHEST_THREAD_PRIO (-CONFIG_NUM_COOP_PRIORITIES)
#define K_LOWEST_THREAD_PRIO CONFIG_NUM_PREEMPT_PRIORITIES
#define K_KERNEL_STACK_RESERVED ((size_t)64)
#define Z_KERNEL_STACK_OBJ_ALIGN 32

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t ticks;
} k_timeout_t;
#define K_TICKS(count) (k_timeout_t{(count)})
#define K_FOREVER (k_timeout_t{-1})

struct k_sem {
  void* words[6];
};
struct k_mutex {
  void* words[5];
};
struct k_thread {
  void* words[32];
};
typedef struct k_thread* k_tid_t;
struct __attribute__((packed)) z_thread_stack_element {
  char data;
};
typedef struct z_thread_stack_element k_thread_stack_t;
typedef void (*k_thread_entry_t)(void*, void*, void*);

unsigned int irq_lock(void);
void irq_unlock(unsigned int key);
bool arch_irq_unlocked(unsigned int key);
bool k_is_in_isr(void);
void k_sched_lock(void);
void k_sched_unlock(void);
int64_t k_uptime_ticks(void);

int k_sem_init(struct k_sem* semaphore, unsigned int count, unsigned int limit);
int k_sem_take(struct k_sem* semaphore, k_timeout_t timeout);
void k_sem_give(struct k_sem* semaphore);
int k_mutex_init(struct k_mutex* mutex);
int k_mutex_lock(struct k_mutex* mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex* mutex);

k_tid_t k_thread_create(struct k_thread* thread, k_thread_stack_t* stack, size_t stack_bytes,
                        k_thread_entry_t entry, void* first, void* second, void* third, int priority,
                        uint32_t options, k_timeout_t delay);
void k_thread_start(k_tid_t thread);
int k_thread_join(struct k_thread* thread, k_timeout_t timeout);
int k_thread_name_set(k_tid_t thread, const char* name);
const char* k_thread_name_get(k_tid_t thread);
int k_thread_cpu_pin(k_tid_t thread, int cpu);
int k_thread_priority_get(k_tid_t thread);
k_tid_t k_current_get(void);

void* k_aligned_alloc(size_t alignment, size_t bytes);
void k_free(void* memory);

#ifdef __cplusplus
}
#endif
