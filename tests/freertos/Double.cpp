// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Double.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>

#if defined(ESP_PLATFORM)
#include <freertos/semphr.h>
#include <soc/soc_caps.h>

#include "esp_freertos_hooks.h"
#include "esp_heap_caps.h"
#include "esp_memory_utils.h"
#include "esp_timer.h"
#else
#include <semphr.h>
#endif

struct tskTaskControlBlock {
  freertos_double::Created created;
  TaskFunction_t run = nullptr;
  void* argument = nullptr;
  pthread_t thread{};
  std::uint32_t notifications[configTASK_NOTIFICATION_ARRAY_ENTRIES] = {};
  bool suspended = false;
  bool deleted = false;
};

struct QueueDefinition {
  static constexpr std::uint32_t alive = 0x5E3A;
  std::uint32_t state = alive;
  std::uint32_t count = 0;
  bool is_mutex = false;
  TaskHandle_t owner = nullptr;
};

static_assert(sizeof(tskTaskControlBlock) <= sizeof(StaticTask_t));
static_assert(sizeof(QueueDefinition) <= sizeof(StaticSemaphore_t));

// An application's, where it has one.
extern "C" [[gnu::weak]] void vApplicationTickHook();

namespace {

using Clock = std::chrono::steady_clock;

// All of the kernel's state. `changed` wakes every waiting task, which looks for itself.
std::mutex kernel;
std::condition_variable changed;
std::recursive_mutex interrupts;  // held by who masks them

std::atomic<bool> started = false;
std::atomic<bool> is_driven = false;
std::atomic<std::uint64_t> driven_us = 0;
freertos_double::Created last_created{};
std::atomic<std::size_t> heap_calls = 0;
std::atomic<bool> heap_used = false;
std::atomic<bool> heap_exhausted = false;
std::atomic<std::uint32_t> last_capability = 0;
const std::byte* external_begin = nullptr;
std::size_t external_bytes = 0;
std::atomic<std::size_t> missed_yields = 0;
void (*tick_hooks[4])() = {};
#if defined(ESP_PLATFORM)
esp_alloc_failed_hook_t failed_hook = nullptr;
#endif

thread_local unsigned interrupt_depth = 0;
thread_local unsigned critical_depth = 0;
thread_local bool yield_due = false;
thread_local tskTaskControlBlock adopted{.created = {"thread", 1, nullptr, 0, 0}};
thread_local TaskHandle_t current = &adopted;

[[noreturn]] void refuse(const char* call, const char* why) {
  std::fprintf(stderr, "FreeRTOS: %s %s\n", call, why);
  std::abort();
}

void taskOnly(const char* call) {
  if (interrupt_depth != 0) refuse(call, "in an interrupt");
}
void interruptOnly(const char* call) {
  if (interrupt_depth == 0) refuse(call, "outside of an interrupt");
}
void scheduledOnly(const char* call) {
  taskOnly(call);
  if (!started) refuse(call, "before the scheduler has started");
}
void mayBlock(const char* call, TickType_t ticks) {
  taskOnly(call);
  if (ticks == 0) return;
  scheduledOnly(call);
  if (critical_depth != 0) refuse(call, "blocks in a critical section");
}

std::uint64_t microsNow() {
  if (is_driven) return driven_us;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count());
}

std::uint64_t tickCount() {
  // In two steps, so that no product wraps.
  constexpr std::uint64_t rate = configTICK_RATE_HZ;
  const std::uint64_t us = microsNow();
  return us / 1'000'000U * rate + us % 1'000'000U * rate / 1'000'000U;
}

/// Effect: waits until `isReady`, at most for `ticks`. Returns: whether it is.
template <class Ready>
bool waitFor(std::unique_lock<std::mutex>& lock, TickType_t ticks, Ready isReady) {
  const std::uint64_t end = tickCount() + ticks;
  while (!isReady()) {
    if (ticks != portMAX_DELAY && tickCount() >= end) return false;
    changed.wait_for(lock, std::chrono::milliseconds(1));
  }
  return true;
}

SemaphoreHandle_t create(StaticSemaphore_t* storage, bool is_mutex) {
  auto* semaphore = new (storage) QueueDefinition;
  semaphore->is_mutex = is_mutex;
  semaphore->count = is_mutex ? 1 : 0;
  return semaphore;
}

QueueDefinition& checked(const char* call, SemaphoreHandle_t semaphore) {
  if (semaphore == nullptr || semaphore->state != QueueDefinition::alive)
    refuse(call, "of a semaphore that does not exist");
  return *semaphore;
}

void give(QueueDefinition& semaphore) {
  {
    const std::lock_guard lock(kernel);
    semaphore.count = 1;
    semaphore.owner = nullptr;
  }
  changed.notify_all();
}

void wake(TaskHandle_t task, UBaseType_t index) {
  if (index >= configTASK_NOTIFICATION_ARRAY_ENTRIES)
    refuse("a notification", "with an index that no task has");
  {
    const std::lock_guard lock(kernel);
    ++task->notifications[index];
  }
  changed.notify_all();
}

void mask() {
  interrupts.lock();
  ++critical_depth;
}
void unmask(const char* call) {
  if (critical_depth == 0) refuse(call, "without a beginning");
  --critical_depth;
  interrupts.unlock();
}

void* begin(void* handle) {
  current = static_cast<TaskHandle_t>(handle);
  current->run(current->argument);
  refuse(current->created.name, "returns from its function");
}

void tick() {
  const freertos_double::InterruptScope interrupt;
  if (vApplicationTickHook != nullptr) vApplicationTickHook();
  for (auto* hook : tick_hooks) {
    if (hook != nullptr) hook();
  }
}

void* allocate(std::size_t alignment, std::size_t bytes) {
  taskOnly("the heap");
  if (critical_depth != 0) refuse("the heap", "in a critical section");
  ++heap_calls;
  heap_used = true;
  void* memory = nullptr;
  return posix_memalign(&memory, std::max(alignment, sizeof(void*)), bytes) == 0 ? memory : nullptr;
}

void release(void* memory) {
  taskOnly("the heap");
  ++heap_calls;
  std::free(memory);
}

}  // namespace

namespace freertos_double {

int run(int (*body)()) {
  started = true;
  std::atomic<bool> done = false;
  std::thread ticker([&done] {
    while (!done) {
      tick();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  int result = 0;
  std::thread task([&] {
    current->created.name = "main";
    result = body();
  });
  task.join();
  done = true;
  ticker.join();
  started = false;
  return result;
}

InterruptScope::InterruptScope() { ++interrupt_depth; }
InterruptScope::~InterruptScope() {
  if (--interrupt_depth == 0 && yield_due) {
    yield_due = false;
    ++missed_yields;
  }
}

NotStarted::NotStarted() { started = false; }
NotStarted::~NotStarted() { started = true; }

void driveMicros(std::uint64_t micros) {
  driven_us = micros;
  is_driven = true;
  changed.notify_all();
}
void releaseClock() { is_driven = false; }

void setPriority(UBaseType_t priority) { current->created.priority = priority; }
void setCore(BaseType_t core) { current->created.core = core; }
Created lastCreated() { return last_created; }
std::size_t heapCalls() { return heap_calls; }
void forgetHeap() { heap_used = false; }
void exhaustHeap(bool exhausted) { heap_exhausted = exhausted; }
std::uint32_t lastCapability() { return last_capability; }
void setExternalMemory(const void* begin, std::size_t bytes) {
  external_begin = static_cast<const std::byte*>(begin);
  external_bytes = bytes;
}
std::size_t missedYields() { return missed_yields; }

}  // namespace freertos_double

extern "C" {

void* pvPortMalloc(size_t bytes) { return allocate(16, bytes); }
void vPortFree(void* memory) { release(memory); }
size_t xPortGetFreeHeapSize() { return heap_used && !heap_exhausted ? 100'000 : 0; }
void vPortGetHeapStats(HeapStats_t* stats) {
  taskOnly("vPortGetHeapStats");
  *stats = {100'000, 60'000, heap_used ? 1U : 0U};
}

BaseType_t xPortIsInsideInterrupt() { return interrupt_depth != 0 ? pdTRUE : pdFALSE; }
void vPortYieldFromIsr(BaseType_t needed) {
  interruptOnly("portYIELD_FROM_ISR");
  if (needed != pdFALSE) yield_due = false;
}

TaskHandle_t xTaskCreateStatic(TaskFunction_t run, const char* name, uint32_t stack_depth, void* argument,
                               UBaseType_t priority, StackType_t* stack, StaticTask_t* control_block) {
  taskOnly("xTaskCreateStatic");
  if (stack == nullptr || control_block == nullptr) return nullptr;
  if (priority >= configMAX_PRIORITIES) refuse("xTaskCreateStatic", "with a priority that there is not");
  if (stack_depth < configMINIMAL_STACK_SIZE) refuse("xTaskCreateStatic", "with a stack that is too small");
  last_created = {name, priority, stack, stack_depth * sizeof(StackType_t), -1};
  auto* task =
      new (control_block) tskTaskControlBlock{.created = last_created, .run = run, .argument = argument};
  // The stack is the thread's own: a host's functions need more.
  if (pthread_create(&task->thread, nullptr, begin, task) != 0) return nullptr;
  return task;
}

void vTaskDelete(TaskHandle_t task) {
  scheduledOnly("vTaskDelete");
  {
    const std::lock_guard lock(kernel);
    if (task == nullptr || task == current || !task->suspended) refuse("vTaskDelete", "of a task that runs");
    task->deleted = true;
  }
  changed.notify_all();
  pthread_join(task->thread, nullptr);
}

void vTaskDelay(TickType_t ticks) {
  mayBlock("vTaskDelay", ticks);
  std::unique_lock lock(kernel);
  waitFor(lock, ticks, [] { return false; });
}

void vTaskSuspend(TaskHandle_t task) {
  scheduledOnly("vTaskSuspend");
  if (task != nullptr) refuse("vTaskSuspend", "of another task");
  // It runs on until the kernel has switched.
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  {
    std::unique_lock lock(kernel);
    current->suspended = true;
    waitFor(lock, portMAX_DELAY, [] { return current->deleted; });
  }
  pthread_exit(nullptr);
}

eTaskState eTaskGetState(TaskHandle_t task) {
  taskOnly("eTaskGetState");
  const std::lock_guard lock(kernel);
  return task->suspended ? eSuspended : eRunning;
}

char* pcTaskGetName(TaskHandle_t task) {
  scheduledOnly("pcTaskGetName");
  return const_cast<char*>((task != nullptr ? task : current)->created.name);
}

UBaseType_t uxTaskPriorityGet(TaskHandle_t task) {
  scheduledOnly("uxTaskPriorityGet");
  return (task != nullptr ? task : current)->created.priority;
}

TaskHandle_t xTaskGetCurrentTaskHandle() { return started ? current : nullptr; }
BaseType_t xTaskGetSchedulerState() { return started ? taskSCHEDULER_RUNNING : taskSCHEDULER_NOT_STARTED; }

void vTaskInternalSetTimeOutState(TimeOut_t* now) {
  if (critical_depth == 0) refuse("vTaskInternalSetTimeOutState", "outside of a critical section");
  const std::uint64_t count = tickCount();
  now->xTimeOnEntering = static_cast<TickType_t>(count);
  now->xOverflowCount = static_cast<BaseType_t>(count >> (8 * sizeof(TickType_t)));
}

uint32_t ulTaskNotifyTakeIndexed(UBaseType_t index, BaseType_t clear, TickType_t ticks) {
  mayBlock("ulTaskNotifyTakeIndexed", ticks);
  if (index >= configTASK_NOTIFICATION_ARRAY_ENTRIES) refuse("ulTaskNotifyTakeIndexed", "of no index");
  std::unique_lock lock(kernel);
  std::uint32_t& count = current->notifications[index];
  if (!waitFor(lock, ticks, [&] { return count != 0; })) return 0;
  const std::uint32_t before = count;
  count = clear != pdFALSE ? 0 : count - 1;
  return before;
}

BaseType_t xTaskNotifyGiveIndexed(TaskHandle_t task, UBaseType_t index) {
  taskOnly("xTaskNotifyGiveIndexed");
  wake(task, index);
  return pdPASS;
}

void vTaskNotifyGiveIndexedFromISR(TaskHandle_t task, UBaseType_t index, BaseType_t* woken) {
  interruptOnly("vTaskNotifyGiveIndexedFromISR");
  wake(task, index);
  *woken = pdTRUE;
  yield_due = true;
}

void vTaskEnterCritical() {
  taskOnly("taskENTER_CRITICAL");
  mask();
}
void vTaskExitCritical() {
  taskOnly("taskEXIT_CRITICAL");
  unmask("taskEXIT_CRITICAL");
}
UBaseType_t uxTaskEnterCriticalFromISR() {
  interruptOnly("taskENTER_CRITICAL_FROM_ISR");
  mask();
  return critical_depth;
}
void vTaskExitCriticalFromISR(UBaseType_t before) {
  interruptOnly("taskEXIT_CRITICAL_FROM_ISR");
  if (before != critical_depth) refuse("taskEXIT_CRITICAL_FROM_ISR", "with the mask of another section");
  unmask("taskEXIT_CRITICAL_FROM_ISR");
}

SemaphoreHandle_t xSemaphoreCreateBinaryStatic(StaticSemaphore_t* storage) { return create(storage, false); }
SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t* storage) { return create(storage, true); }

void vSemaphoreDelete(SemaphoreHandle_t semaphore) {
  taskOnly("vSemaphoreDelete");
  checked("vSemaphoreDelete", semaphore).state = 0;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks) {
  mayBlock("xSemaphoreTake", ticks);
  QueueDefinition& taken = checked("xSemaphoreTake", semaphore);
  std::unique_lock lock(kernel);
  if (taken.is_mutex && taken.owner == current) refuse("xSemaphoreTake", "of a mutex that the task holds");
  if (!waitFor(lock, ticks, [&] { return taken.count != 0; })) return pdFALSE;
  taken.count = 0;
  if (taken.is_mutex) taken.owner = current;
  return pdTRUE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore) {
  taskOnly("xSemaphoreGive");
  QueueDefinition& given = checked("xSemaphoreGive", semaphore);
  if (given.is_mutex && given.owner != current)
    refuse("xSemaphoreGive", "of a mutex that another task holds");
  give(given);
  return pdTRUE;
}

BaseType_t xSemaphoreGiveFromISR(SemaphoreHandle_t semaphore, BaseType_t* woken) {
  interruptOnly("xSemaphoreGiveFromISR");
  give(checked("xSemaphoreGiveFromISR", semaphore));
  *woken = pdTRUE;
  yield_due = true;
  return pdTRUE;
}

#if defined(ESP_PLATFORM)
BaseType_t xPortGetCoreID() {
  const BaseType_t core = current->created.core;
  return core == tskNO_AFFINITY ? 0 : core;
}
BaseType_t xPortInIsrContext() { return xPortIsInsideInterrupt(); }
void vPortEnterCriticalSafe(portMUX_TYPE* lock) {
  mask();
  ++lock->count;
}
void vPortExitCriticalSafe(portMUX_TYPE* lock) {
  --lock->count;
  unmask("portEXIT_CRITICAL_SAFE");
}

TaskHandle_t xTaskCreateStaticPinnedToCore(TaskFunction_t run, const char* name, uint32_t stack_bytes,
                                           void* argument, UBaseType_t priority, StackType_t* stack,
                                           StaticTask_t* control_block, BaseType_t core) {
  if (core != tskNO_AFFINITY && (core < 0 || core >= portNUM_PROCESSORS))
    refuse("xTaskCreateStaticPinnedToCore", "on a core that there is not");
  if (!esp_ptr_internal(stack)) refuse("xTaskCreateStaticPinnedToCore", "with a stack in external memory");
  const TaskHandle_t task =
      xTaskCreateStatic(run, name, stack_bytes, argument, priority, stack, control_block);
  last_created.core = core;
  return task;
}

static void* allocateCapable(size_t alignment, size_t bytes, uint32_t capability, const char* function) {
  last_capability = capability;
  void* const memory = heap_exhausted ? nullptr : allocate(alignment, bytes);
  if (memory == nullptr && failed_hook != nullptr) failed_hook(bytes, capability, function);
  return memory;
}
void* heap_caps_malloc(size_t bytes, uint32_t capability) {
  return allocateCapable(4, bytes, capability, __func__);
}
void* heap_caps_aligned_alloc(size_t alignment, size_t bytes, uint32_t capability) {
  return allocateCapable(alignment, bytes, capability, __func__);
}
esp_err_t heap_caps_register_failed_alloc_callback(esp_alloc_failed_hook_t hook) {
  if (hook == nullptr) return ESP_ERR_INVALID_ARG;
  failed_hook = hook;
  return ESP_OK;
}
void heap_caps_free(void* memory) { release(memory); }
size_t heap_caps_get_free_size(uint32_t) { return 100'000; }
size_t heap_caps_get_largest_free_block(uint32_t) {
  if (critical_depth != 0) refuse("heap_caps_get_largest_free_block", "in a critical section");
  return 60'000;
}

bool esp_ptr_internal(const void* memory) {
  const auto* at = static_cast<const std::byte*>(memory);
  return at < external_begin || at >= external_begin + external_bytes;
}
int64_t esp_timer_get_time() { return static_cast<int64_t>(microsNow()); }

esp_err_t esp_register_freertos_tick_hook(esp_freertos_tick_cb_t hook) {
  for (auto& place : tick_hooks) {
    if (place != nullptr) continue;
    place = hook;
    return ESP_OK;
  }
  return 1;
}
#endif
}
