// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Empty on other platforms, whose builds may compile every source. The targets of ESP-IDF and Zephyr for
// Linux have their ports.
#if defined(__linux__) && !defined(ESP_PLATFORM) && !defined(__ZEPHYR__)
#include "millpond/port/LinuxPort.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>

namespace millpond::port {

namespace {

std::recursive_mutex process_mask;
// For the thread that holds the mask: the nesting depth, and the signals that it had blocked before.
unsigned depth = 0;
sigset_t blocked_before;

std::uint64_t microsOf(clockid_t clock) {
  std::timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
}

// Converts a clock in microseconds, so that none starts with a tick of 0.
std::uint32_t ticksOf(std::uint64_t micros) { return static_cast<std::uint32_t>(micros >> 16U) + 1U; }

// The kernel's layout of a time: 64 bits each; on 32-bit processors for the system call of that name.
struct KernelTime {
  std::int64_t seconds;
  std::int64_t nanoseconds;
};
// The layout for kernels before 5.1 on 32-bit processors, and for all kernels on other processors.
struct KernelLongTime {
  long seconds;
  long nanoseconds;
};

// Effect: sleeps while `word` is 0, until it is woken or `end`, if any, is reached. Returns: the kernel's
// result.
long sleepOn(void* word, const KernelTime* end) {
  constexpr int wait = FUTEX_WAIT_BITSET_PRIVATE;
#if defined(SYS_futex_time64)
  const long result = syscall(SYS_futex_time64, word, wait, 0U, end, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (result == 0 || errno != ENOSYS) return result;
#endif
  constexpr std::int64_t latest = std::numeric_limits<long>::max();
  KernelLongTime until{};
  if (end != nullptr) {
    until = {static_cast<long>(end->seconds < latest ? end->seconds : latest),
             static_cast<long>(end->nanoseconds)};
  }
  return syscall(SYS_futex, word, wait, 0U, end != nullptr ? &until : nullptr, nullptr,
                 FUTEX_BITSET_MATCH_ANY);
}

// The system clock's time at which the clock that the caller sees, which may be driven, reaches the deadline.
KernelTime systemTimeAt(std::uint64_t deadline_us) {
  constexpr std::uint64_t longest = std::uint64_t{1} << 62U;
  const std::uint64_t now = LinuxPort::micros();
  const std::uint64_t left = deadline_us > now ? deadline_us - now : 0;
  const std::uint64_t at = microsOf(CLOCK_MONOTONIC) + (left < longest ? left : longest);
  return {static_cast<std::int64_t>(at / 1'000'000U), static_cast<std::int64_t>(at % 1'000'000U * 1'000U)};
}

}  // namespace

std::uint32_t LinuxPort::systemTicks() { return ticksOf(microsOf(CLOCK_MONOTONIC_COARSE)); }

std::uint64_t LinuxPort::micros() {
  return is_driven.load() != 0 ? driven_micros.load() : microsOf(CLOCK_MONOTONIC);
}

std::uint32_t LinuxPort::ticksAtZero() { return is_driven.load() != 0 ? 0 : systemTicks(); }

void LinuxPort::driveTicks(std::uint32_t ticks) {
  if (ticks == 0) is_driven.store(0);  // first: another thread may be reading the time
  driven_micros.store(std::uint64_t{ticks} << 16U);
  driven_ticks.store(ticks);
  if (ticks != 0) is_driven.store(1);
}

void LinuxPort::driveMicros(std::uint64_t micros) {
  driven_micros.store(micros);
  driven_ticks.store(ticksOf(micros));
  is_driven.store(1);
}

// Signals are blocked first, so that no handler interrupts the lock's own steps, nor waits for the thread
// that it interrupted.
LinuxPort::Critical::Critical() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  process_mask.lock();
  if (depth++ == 0) blocked_before = before;
}

LinuxPort::Critical::~Critical() {
  const sigset_t before = blocked_before;
  const bool outermost = --depth == 0;
  process_mask.unlock();
  if (outermost) pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void LinuxPort::TaskMutex::lock() { mutex_.lock(); }
void LinuxPort::TaskMutex::unlock() { mutex_.unlock(); }

bool LinuxPort::Event::wait(std::uint64_t deadline_us) {
  const bool ends = deadline_us != UINT64_MAX;
  const KernelTime end = ends ? systemTimeAt(deadline_us) : KernelTime{};
  const auto wasNotified = [this] { return notified_.update([](std::uint32_t) { return 0U; }) != 0; };
  while (!wasNotified()) {
    // Ends at once if the word is no longer 0, and at a signal.
    const long result = sleepOn(&notified_, ends ? &end : nullptr);
    if (result != 0 && errno == ETIMEDOUT) return wasNotified();
  }
  return true;
}

// Takes no lock, so that a signal handler that interrupted the waiter may call it.
void LinuxPort::Event::notify() {
  notified_.update([](std::uint32_t) { return 1U; });
  syscall(SYS_futex, &notified_, FUTEX_WAKE_PRIVATE, 1);
}

bool LinuxPort::Task::start(const TaskSettings& settings, void (*run)(void*), void* argument) {
  if (run_ != nullptr) return false;
  settings_ = settings;
  run_ = run;
  argument_ = argument;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  const auto stack = settings.stack;
  bool started = stack.empty() || pthread_attr_setstack(&attributes, stack.data(), stack.size()) == 0;
  started = started && pthread_create(&thread_, &attributes, &Task::begin, this) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) run_ = nullptr;
  return started;
}

void* LinuxPort::Task::begin(void* self) {
  const Task& task = *static_cast<const Task*>(self);
  constexpr std::size_t longest_name = 15;
  char name[longest_name + 1]{};
  std::strncpy(name, task.settings_.name, longest_name);
  pthread_setname_np(pthread_self(), name);
  setTaskPriority(task.settings_.priority);
  task.run_(task.argument_);
  return nullptr;
}

void LinuxPort::Task::join() {
  if (run_ == nullptr) return;
  pthread_join(thread_, nullptr);
  run_ = nullptr;
}

void* LinuxPort::heapAllocate(std::size_t bytes, std::size_t alignment) {
  if (alignment <= alignof(std::max_align_t)) return std::malloc(bytes);
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}

void LinuxPort::heapRelease(void* memory, std::size_t /*bytes*/) { std::free(memory); }

}  // namespace millpond::port
#endif
