// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Prints the instructions that an allocation and a free take in a build that records, while it does.
#include "board/Board.h"
#include "measure/Cost.h"
#include "measure/Samples.h"
#include "millpond.h"
#include "millpond/trace/TraceRing.h"

namespace {

using Manager = millpond::StaticMemoryManager<millpond::MemoryConfig{.guards = millpond::Guards::none}>;

void* (Manager::*const allocate)(std::size_t, const char*) = &Manager::allocateAudioBuffer;
void (Manager::*const deallocate)(void*) = &Manager::deallocate;
constexpr std::size_t levels = 4;

Manager adr;
measure::Samples allocations;
measure::Samples frees;

// Returns: the events that were waiting. `TraceStream` takes them in a device; its encoder divides, for which
// not every target's C library has a function.
std::uint32_t drained() {
  millpond::TraceRing& ring = millpond::trace_rings.ring[0];
  std::uint32_t events = 0;
  for (; ring.oldest() != nullptr; ++events) ring.remove();
  return events;
}

}  // namespace

int board::firmwareMain() {
  millpond::trace_rings.of.store(&adr.core());
  for (std::size_t level = 0; level < levels; ++level) {
    const measure::Cost allocation = measure::of(allocate, adr, std::size_t{4096}, "measure");
    const measure::Cost freeing = measure::of(deallocate, adr, reinterpret_cast<void*>(allocation.value));
    allocations.add(allocation.instructions);
    frees.add(freeing.instructions);
    void* const held = adr.allocateAudioBuffer(4096, "held");
    if (held == nullptr || drained() != 3) return 1;  // an event that is dropped costs less
  }
  console::print("figure ");
  allocations.print("recorded_allocation");
  console::print("figure ");
  frees.print("recorded_free");
  return 0;
}
