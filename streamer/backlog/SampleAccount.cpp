// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/backlog/SampleAccount.h"

#include <algorithm>

namespace millpond::streamer {

void SampleAccount::drop(const SampleRange& range) {
  if (range.samples == 0) return;
  dropped += range.samples;
  if (ranges_ > 0 && slot(ranges_ - 1).end() == range.first) {
    slot(ranges_ - 1).samples += range.samples;
    return;
  }
  slot(ranges_++) = range;
}

std::size_t SampleAccount::latestDrops(std::span<SampleRange, kept_ranges> out) const {
  const std::size_t kept = std::min<std::size_t>(ranges_, kept_ranges);
  for (std::size_t i = 0; i < kept; ++i) out[i] = latest_[(ranges_ - kept + i) % kept_ranges];
  return kept;
}

}  // namespace millpond::streamer
