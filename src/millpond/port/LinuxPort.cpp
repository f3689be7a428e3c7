// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/port/LinuxPort.h"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace millpond::port {

namespace {

std::recursive_mutex process_mask;

std::uint64_t microsOf(clockid_t clock) {
  std::timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
}

// From 1, because 0 stands for "not driven".
std::uint32_t ticksOf(std::uint64_t micros) { return static_cast<std::uint32_t>(micros >> 16U) + 1U; }

}  // namespace

std::uint32_t LinuxPort::systemTicks() { return ticksOf(microsOf(CLOCK_MONOTONIC_COARSE)); }

std::uint64_t LinuxPort::micros() {
  return driven_ticks.load() != 0 ? driven_micros.load() : microsOf(CLOCK_MONOTONIC);
}

void LinuxPort::driveTicks(std::uint32_t ticks) {
  driven_micros.store(std::uint64_t{ticks} << 16U);
  driven_ticks.store(ticks);
}

void LinuxPort::driveMicros(std::uint64_t micros) {
  driven_micros.store(micros);
  driven_ticks.store(ticksOf(micros));
}

LinuxPort::Critical::Critical() { process_mask.lock(); }
LinuxPort::Critical::~Critical() { process_mask.unlock(); }

void LinuxPort::TaskMutex::lock() { mutex_.lock(); }
void LinuxPort::TaskMutex::unlock() { mutex_.unlock(); }

// Here and not in the header, so that the library's own objects call nothing but the port.
LinuxPort::Event::Event() = default;
LinuxPort::Event::~Event() = default;

bool LinuxPort::Event::wait(std::uint64_t deadline_us) {
  std::unique_lock lock(mutex_);
  const auto notified = [this] { return notified_; };
  if (deadline_us == UINT64_MAX) {
    changed_.wait(lock, notified);
  } else {
    // As long as it is until then by the clock that the caller sees, which may be driven.
    const std::uint64_t now = micros();
    changed_.wait_for(lock, std::chrono::microseconds(deadline_us > now ? deadline_us - now : 0), notified);
  }
  return std::exchange(notified_, false);
}

void LinuxPort::Event::notify() {
  const std::lock_guard lock(mutex_);
  notified_ = true;
  changed_.notify_one();  // under the lock: the waiter may destroy the event as soon as it is released
}

void* LinuxPort::heapAllocate(std::size_t bytes) { return std::malloc(bytes); }

void LinuxPort::heapRelease(void* memory) { std::free(memory); }

}  // namespace millpond::port
