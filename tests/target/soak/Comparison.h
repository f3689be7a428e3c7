// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "board/Board.h"
#include "board/Console.h"
#include "measure/Cost.h"
#include "measure/Samples.h"
#include "soak/Workload.h"

namespace soak {

/// Effect: puts an allocator through the workload and prints what each call took and how many requests it
/// could not serve. `take(request)` and `give(pointer)` return the call's `measure::Cost`.
template <class Take, class Give>
int compare(const char* name, Take take, Give give) {
  constexpr std::uint32_t requests = 100'000;
  static measure::Samples allocations;
  static measure::Samples frees;
  static Calendar<void*> calendar;
  Workload workload(0x2026);
  std::uint32_t refused = 0;
  for (std::uint32_t request = 0; request < requests; ++request) {
    calendar.advance([&](void* block) { frees.add(give(block).instructions); });
    const Request wanted = workload.next();
    if (calendar.full()) continue;
    const measure::Cost cost = take(wanted);
    allocations.add(cost.instructions);
    if (cost.value == 0) {
      ++refused;
    } else {
      calendar.add(reinterpret_cast<void*>(cost.value), wanted.lifetime);
    }
  }
  allocations.print(name, " alloc");
  frees.print(name, " free");
  console::print(name, " refused ", refused, " of ", requests, "\n");
  return 0;
}

}  // namespace soak
