// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <utility>

#include "order/Explore.h"
#include "order/Memory.h"
#include "order/OrderPort.h"
#include "order/Schedule.h"

namespace millpond::order {

void Threads::task(std::function<void()> body) { schedule().start(std::move(body)); }

void Threads::impatientTask(std::function<void()> body) {
  task([body = std::move(body)] {
    schedule().isImpatient() = true;
    body();
  });
}

void Threads::interrupt(std::function<void()> body) {
  task([body = std::move(body)] {
    schedule().isInterrupt() = true;
    body();
  });
}

void Threads::assumeMultiCopyAtomic() { order::assumeMultiCopyAtomic(); }

void Threads::settle() { schedule().settle(); }

void Threads::join() { schedule().join(); }

void require(bool holds, const char* what) {
  if (!holds) schedule().fail(what);
}

void pause() { schedule().step(); }

void passTime(std::uint32_t ms) {
  schedule().step();
  port::OrderPort::passTime(ms);
}

std::uint32_t anyBelow(std::uint32_t end) { return schedule().pick(end); }

}  // namespace millpond::order
