// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "order/OrderPort.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "order/Schedule.h"

namespace millpond::port {

namespace {

using order::schedule;

struct Lock {
  std::size_t depth = 0;
  std::size_t owner = 0;
  order::View released;
};

struct Notice {
  bool notified = false;
  order::View notifier;
};

Lock critical;
order::View heap;
std::unordered_map<const void*, Lock> mutexes;
std::unordered_map<const void*, Notice> events;
std::uint64_t now_us = 0;

void acquire(Lock& lock) {
  if (!schedule().running()) return;
  schedule().step();
  const std::size_t self = schedule().self();
  if (lock.depth == 0 || lock.owner != self) schedule().waitUntil([&lock] { return lock.depth == 0; });
  lock.owner = self;
  ++lock.depth;
  schedule().acquire(lock.released);
}

void release(Lock& lock) {
  if (!schedule().running() || --lock.depth != 0) return;
  lock.released = schedule().view();
  schedule().view().tick(schedule().self());
  schedule().step();
}

}  // namespace

std::uint64_t OrderPort::micros() { return now_us; }
void OrderPort::passTime(std::uint32_t ms) { now_us += std::uint64_t{ms} * 1000; }
bool OrderPort::inInterrupt() { return schedule().running() && schedule().isInterrupt(); }

OrderPort::Critical::Critical() { acquire(critical); }
OrderPort::Critical::~Critical() { release(critical); }

// A second lock by the same task would block for ever.
void OrderPort::TaskMutex::lock() {
  Lock& mutex = mutexes[this];
  if (schedule().running() && mutex.depth != 0 && mutex.owner == schedule().self())
    schedule().fail("locks a mutex twice");
  if (inInterrupt()) schedule().fail("locks a mutex in an interrupt");
  acquire(mutex);
}
void OrderPort::TaskMutex::unlock() { release(mutexes[this]); }

OrderPort::Event::Event() { events[this] = {}; }
OrderPort::Event::~Event() { events.erase(this); }

bool OrderPort::Event::wait(std::uint64_t deadline_us) {
  const Notice& notice = events[this];
  const bool may_end = schedule().isImpatient() && deadline_us != UINT64_MAX;
  schedule().step();
  schedule().waitUntil([&] { return notice.notified || may_end; });
  if (!notice.notified) {
    now_us = std::max(now_us, deadline_us);
    return false;
  }
  schedule().acquire(notice.notifier);
  events[this] = {};
  return true;
}

void OrderPort::Event::notify() {
  schedule().step();
  const auto found = events.find(this);
  if (found == events.end()) schedule().fail("notifies an event that is gone");
  if (critical.depth == 0 || critical.owner != schedule().self())
    schedule().fail("notifies outside of a Critical");
  found->second.notified = true;
  found->second.notifier.join(schedule().view());
  schedule().view().tick(schedule().self());
}

// What is given back comes before what is taken later, as of any C++ heap.
void* OrderPort::heapAllocate(std::size_t bytes, std::size_t alignment) {
  if (schedule().running()) schedule().acquire(heap);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void OrderPort::heapRelease(void* memory, std::size_t bytes) {
  if (schedule().running()) {
    order::write(memory, bytes);
    heap.join(schedule().view());
    schedule().view().tick(schedule().self());
  }
  std::free(memory);
}

void resetPort() {
  critical = {};
  heap = {};
  mutexes.clear();
  events.clear();
  now_us = 0;
}

}  // namespace millpond::port
