// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/trace/TraceRing.h"

namespace millpond {

#if CONFIG_MILLPOND_TRACE_RECORDS != 0

constinit TraceRings trace_rings;

void TraceRings::putWithSource(std::uint32_t place, std::size_t size, const char* source) {
  const auto address = std::uint64_t{reinterpret_cast<std::uintptr_t>(source)};
  const auto high = static_cast<std::uint32_t>(address >> 32U) & TraceRecord::size_mask;
  const auto low = static_cast<std::uint32_t>(address);
  ring[core<Port>()].put(low,
                         tracePlace(TraceKind::source, PoolId::audio, low & TraceRecord::block_mask) + high);
  const auto bytes =
      static_cast<std::uint32_t>(size < TraceRecord::size_mask ? size : TraceRecord::size_mask);
  put(place, taskBit(!Port::inInterrupt()) + bytes, source);
}

#endif

}  // namespace millpond
