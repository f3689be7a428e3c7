// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Double.h"

#include <pthread.h>
#include <zephyr/sys/sys_heap.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>

namespace {

using Clock = std::chrono::steady_clock;

struct Thread {
  zephyr_double::Created created{"thread", 0, nullptr, 0, -1};
  k_thread_entry_t entry = nullptr;
  void* arguments[3] = {};
  pthread_t thread{};
};
struct Semaphore {
  unsigned count;
  unsigned limit;
};
struct Mutex {
  unsigned depth;
  const Thread* owner;
};
static_assert(sizeof(Thread) <= sizeof(k_thread));
static_assert(sizeof(Semaphore) <= sizeof(k_sem));
static_assert(sizeof(Mutex) <= sizeof(k_mutex));

// All of the kernel's state. `changed` wakes every waiting thread, which looks for itself.
std::mutex kernel;
std::condition_variable changed;
std::recursive_mutex interrupts;  // held by who locks them

std::atomic<bool> is_driven = false;
std::atomic<std::uint64_t> driven_us = 0;
zephyr_double::Created last_created{};

thread_local unsigned interrupt_depth = 0;
thread_local unsigned lock_depth = 0;
thread_local unsigned scheduler_locks = 0;
thread_local bool switch_due = false;
thread_local Thread adopted;
thread_local Thread* current = &adopted;

Thread& of(k_tid_t thread) { return *reinterpret_cast<Thread*>(thread); }
Semaphore& of(k_sem* semaphore) { return *reinterpret_cast<Semaphore*>(semaphore); }
Mutex& of(k_mutex* mutex) { return *reinterpret_cast<Mutex*>(mutex); }

[[noreturn]] void refuse(const char* call, const char* why) {
  std::fprintf(stderr, "Zephyr: %s %s\n", call, why);
  std::abort();
}

void threadOnly(const char* call) {
  if (interrupt_depth != 0) refuse(call, "in an interrupt");
}

/// Effect: waits until `isReady`, at most for `timeout`. Returns: 0, or what the kernel returns then.
template <class Ready>
int waitFor(const char* call, std::unique_lock<std::mutex>& lock, k_timeout_t timeout, Ready isReady) {
  constexpr int busy = -16;
  constexpr int again = -11;
  if (timeout.ticks == 0) return isReady() ? 0 : busy;
  threadOnly(call);
  if (lock_depth != 0) refuse(call, "with interrupts locked");
  switch_due = false;
  const std::int64_t end = k_uptime_ticks() + timeout.ticks;
  while (!isReady()) {
    if (timeout.ticks > 0 && k_uptime_ticks() >= end) return again;
    changed.wait_for(lock, std::chrono::milliseconds(1));
  }
  return 0;
}

/// The kernel switches to a thread that is ready, unless interrupts are locked.
void reschedule() {
  if (lock_depth == 0) switch_due = false;
}

void* begin(void* handle) {
  current = static_cast<Thread*>(handle);
  current->entry(current->arguments[0], current->arguments[1], current->arguments[2]);
  return nullptr;
}

}  // namespace

namespace zephyr_double {

InterruptScope::InterruptScope() { ++interrupt_depth; }
InterruptScope::~InterruptScope() {
  if (--interrupt_depth == 0) reschedule();
}

void driveMicros(std::uint64_t micros) {
  driven_us = micros;
  is_driven = true;
  changed.notify_all();
}
void releaseClock() { is_driven = false; }
bool switchIsDue() { return switch_due; }
Created lastCreated() { return last_created; }

}  // namespace zephyr_double

extern "C" {

struct k_heap _system_heap;

unsigned irq_lock() {
  interrupts.lock();
  return lock_depth++;
}
void irq_unlock(unsigned key) {
  if (--lock_depth != key) refuse("irq_unlock", "with the key of another lock");
  interrupts.unlock();
}
bool arch_irq_unlocked(unsigned key) { return key == 0; }
bool k_is_in_isr() { return interrupt_depth != 0; }

void k_sched_lock() {
  threadOnly("k_sched_lock");
  ++scheduler_locks;
}
void k_sched_unlock() {
  threadOnly("k_sched_unlock");
  if (scheduler_locks-- == 0) refuse("k_sched_unlock", "without a lock");
  reschedule();
}

int64_t k_uptime_ticks() {
  const std::uint64_t us =
      is_driven ? driven_us.load()
                : static_cast<std::uint64_t>(
                      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
                          .count());
  return static_cast<std::int64_t>(us / (1'000'000U / CONFIG_SYS_CLOCK_TICKS_PER_SEC));
}

int k_sem_init(k_sem* semaphore, unsigned count, unsigned limit) {
  new (semaphore) Semaphore{count, limit};
  return 0;
}
int k_sem_take(k_sem* semaphore, k_timeout_t timeout) {
  std::unique_lock lock(kernel);
  Semaphore& taken = of(semaphore);
  const int result = waitFor("k_sem_take", lock, timeout, [&] { return taken.count != 0; });
  if (result == 0) --taken.count;
  return result;
}
void k_sem_give(k_sem* semaphore) {
  {
    const std::lock_guard lock(kernel);
    Semaphore& given = of(semaphore);
    if (given.count < given.limit) ++given.count;
  }
  changed.notify_all();
  switch_due = true;
  if (interrupt_depth == 0) reschedule();
}

int k_mutex_init(k_mutex* mutex) {
  new (mutex) Mutex{0, nullptr};
  return 0;
}
int k_mutex_lock(k_mutex* mutex, k_timeout_t timeout) {
  threadOnly("k_mutex_lock");
  std::unique_lock lock(kernel);
  Mutex& locked = of(mutex);
  const int result =
      waitFor("k_mutex_lock", lock, timeout, [&] { return locked.depth == 0 || locked.owner == current; });
  if (result != 0) return result;
  locked.owner = current;
  ++locked.depth;
  return 0;
}
int k_mutex_unlock(k_mutex* mutex) {
  threadOnly("k_mutex_unlock");
  {
    const std::lock_guard lock(kernel);
    Mutex& locked = of(mutex);
    if (locked.depth == 0 || locked.owner != current) refuse("k_mutex_unlock", "of another thread's mutex");
    --locked.depth;
  }
  changed.notify_all();
  return 0;
}

k_tid_t k_thread_create(k_thread* thread, k_thread_stack_t* stack, size_t stack_bytes, k_thread_entry_t entry,
                        void* first, void* second, void* third, int priority, uint32_t /*options*/,
                        k_timeout_t delay) {
  threadOnly("k_thread_create");
  if (delay.ticks != -1) refuse("k_thread_create", "without K_FOREVER, the only delay here");
  if (priority < K_HIGHEST_THREAD_PRIO || priority >= K_LOWEST_THREAD_PRIO)
    refuse("k_thread_create", "with a priority that no thread may have");
  last_created = {"", priority, stack, stack_bytes, -1};
  new (thread) Thread{.created = last_created, .entry = entry, .arguments = {first, second, third}};
  return thread;
}
// The stack is the host's: its functions need more.
void k_thread_start(k_tid_t thread) {
  if (pthread_create(&of(thread).thread, nullptr, begin, &of(thread)) != 0)
    refuse("k_thread_start", "on a host without threads");
}
int k_thread_join(k_thread* thread, k_timeout_t /*timeout*/) {
  threadOnly("k_thread_join");
  return pthread_join(of(thread).thread, nullptr);
}
int k_thread_name_set(k_tid_t thread, const char* name) {
  of(thread).created.name = last_created.name = name;
  return 0;
}
const char* k_thread_name_get(k_tid_t thread) { return of(thread).created.name; }
int k_thread_cpu_pin(k_tid_t thread, int cpu) {
  if (cpu < 0 || cpu >= CONFIG_MP_MAX_NUM_CPUS) refuse("k_thread_cpu_pin", "to a core that there is not");
  of(thread).created.cpu = last_created.cpu = cpu;
  return 0;
}
int k_thread_priority_get(k_tid_t thread) { return of(thread).created.priority; }
k_tid_t k_current_get() { return reinterpret_cast<k_tid_t>(current); }

void* k_aligned_alloc(size_t alignment, size_t bytes) {
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}
void k_free(void* memory) { std::free(memory); }
int sys_heap_runtime_stats_get(sys_heap* heap, sys_memory_stats* stats) {
  if (heap != &_system_heap.heap) refuse("sys_heap_runtime_stats_get", "of a heap that is not the system's");
  *stats = {70'000, 30'000, 40'000};
  return 0;
}
}
