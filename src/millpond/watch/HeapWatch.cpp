// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/HeapWatch.h"

#include "millpond/base/Counter.h"

namespace millpond {

namespace {

constinit Port::Atomic<void*> heap_bus;
constinit Word heap_failures;

template <class P>
bool listen() {
  if constexpr (requires { P::onHeapFailure(nullptr); }) {
    return P::onHeapFailure([](std::size_t bytes, std::uint32_t capability, const char* caller) {
      HeapWatch::tell(bytes, capability, caller);
    });
  }
  return false;
}

}  // namespace

bool HeapWatch::begin(EventBus* bus) {
  heap_bus.storeOrdered(bus);
  return listen<Port>();
}

// The payload lies in the bus's queue, so no memory is asked for here.
void HeapWatch::tell(std::size_t bytes, std::uint32_t capability, const char* caller) {
  counter::increment(heap_failures);
  auto* const bus = static_cast<EventBus*>(heap_bus.loadOrdered());
  if (bus != nullptr) bus->publish(HeapFailed::event, HeapFailed{bytes, capability, caller});
}

std::uint32_t HeapWatch::failures() { return heap_failures.load(); }

}  // namespace millpond
