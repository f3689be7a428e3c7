// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/HeldBlocks.h"

namespace millpond::trace {

void HeldBlocks::end(std::unordered_map<std::uint32_t, TraceEvent>::iterator held, const TraceEvent& at,
                     const Visit& visit) {
  TraceEvent event = held->second;
  event.kind = TraceEvent::Kind::free;
  event.time_ns = at.time_ns;
  event.interrupt = at.interrupt;
  live_.erase(held);
  visit(event);
}

void HeldBlocks::allocate(const TraceEvent& event, const Visit& visit) {
  const auto held = live_.find(event.block);
  if (held != live_.end()) {
    ++mended_;
    freed_ahead_.insert(event.block);
    end(held, event, visit);
  }
  live_.emplace(event.block, event);
  visit(event);
}

void HeldBlocks::free(TraceEvent event, const Visit& visit) {
  if (!freed_ahead_.empty() && freed_ahead_.erase(event.block) != 0) return;
  const auto held = live_.find(event.block);
  if (held == live_.end()) {
    ++mended_;
    return;
  }
  end(held, event, visit);
}

void HeldBlocks::settle(std::uint32_t first, std::uint32_t held, const TraceEvent& pattern,
                        const Visit& visit) {
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    const std::uint32_t block = first + bit;
    freed_ahead_.erase(block);
    const auto known = live_.find(block);
    const bool is_held = (held >> bit & 1U) != 0;
    if (is_held == (known != live_.end())) continue;
    ++mended_;
    if (!is_held) {
      end(known, pattern, visit);
      continue;
    }
    TraceEvent event = pattern;
    event.block = block;
    live_.emplace(block, event);
    visit(event);
  }
}

}  // namespace millpond::trace
