// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/BlockSizes.h"

#include <algorithm>
#include <utility>

namespace millpond::sizing {

IntervalPeaks::IntervalPeaks(std::vector<std::uint32_t> sizes)
    : sizes_(std::move(sizes)),
      held_(sizes_.size()),
      below_(sizes_.size() + 1),
      peaks_(sizes_.size() * sizes_.size()),
      lowest_(sizes_.size()) {}

std::size_t IntervalPeaks::indexOf(std::uint32_t bytes) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(sizes_, bytes) - sizes_.begin());
}

void IntervalPeaks::take(std::size_t index) {
  ++held_[index];
  rising_ = true;
  lowest_ = std::min(lowest_, index);
  highest_ = std::max(highest_, index);
}

void IntervalPeaks::give(std::size_t index) {
  if (rising_) look();
  --held_[index];
}

void IntervalPeaks::endDevice() {
  if (rising_) look();
  std::ranges::fill(held_, 0);
}

void IntervalPeaks::look() {
  const std::size_t count = sizes_.size();
  for (std::size_t index = 0; index < count; ++index) below_[index + 1] = below_[index] + held_[index];
  for (std::size_t low = 0; low <= highest_; ++low) {
    std::uint32_t* const row = &peaks_[low * count];
    for (std::size_t high = std::max(low, lowest_); high < count; ++high) {
      row[high] = std::max(row[high], below_[high + 1] - below_[low]);
    }
  }
  rising_ = false;
  lowest_ = count;
  highest_ = 0;
}

// The shortest path over the sizes: a step from `low` to `high` is a pool for the sizes between.
std::vector<std::vector<BlockCount>> bestBlockSizes(const IntervalPeaks& peaks, std::size_t most) {
  const std::vector<std::uint32_t>& sizes = peaks.sizes();
  const std::size_t count = sizes.size();
  constexpr std::uint64_t unreachable = UINT64_MAX;
  most = std::min(most, count);
  std::vector<std::uint64_t> before(count + 1, unreachable);
  before[0] = 0;
  std::vector<std::vector<std::size_t>> from(most, std::vector<std::size_t>(count + 1));
  std::vector<std::vector<BlockCount>> answers;
  for (std::size_t pools = 0; pools < most; ++pools) {
    std::vector<std::uint64_t> now(count + 1, unreachable);
    for (std::size_t end = 1; end <= count; ++end) {
      for (std::size_t low = 0; low < end; ++low) {
        if (before[low] == unreachable) continue;
        const std::uint64_t bytes = before[low] + std::uint64_t{sizes[end - 1]} * peaks.peak(low, end - 1);
        if (bytes >= now[end]) continue;
        now[end] = bytes;
        from[pools][end] = low;
      }
    }
    std::vector<BlockCount> answer;
    for (std::size_t end = count, step = pools + 1; end != 0; --step) {
      const std::size_t low = from[step - 1][end];
      answer.push_back({sizes[end - 1], peaks.peak(low, end - 1)});
      end = low;
    }
    answers.emplace_back(answer.rbegin(), answer.rend());
    before = std::move(now);
  }
  return answers;
}

std::uint64_t bytesOf(const std::vector<BlockCount>& pools) {
  std::uint64_t bytes = 0;
  for (const BlockCount& pool : pools) bytes += std::uint64_t{pool.size} * pool.blocks;
  return bytes;
}

}  // namespace millpond::sizing
