// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/DemandCurve.h"

#include <algorithm>

namespace millpond::sizing {

namespace {

constexpr std::uint64_t hour_us = 3'600'000'000;
constexpr std::uint64_t batch_us = 1000;

}  // namespace

DemandCurve::Hour& DemandCurve::hourAt(std::uint64_t time_us) {
  const std::size_t index = first_hour_ + static_cast<std::size_t>((time_us - origin_us_) / hour_us);
  if (index >= hours_.size()) hours_.resize(index + 1);
  return hours_[index];
}

// Adds what is held until `time_us` to each hour between.
void DemandCurve::advance(std::uint64_t time_us) {
  if (!started_) {
    origin_us_ = last_us_ = time_us;
    started_ = true;
  }
  while (level_ != 0 && last_us_ < time_us) {
    const std::uint64_t hour_end = last_us_ + hour_us - (last_us_ - origin_us_) % hour_us;
    const std::uint64_t until = std::min(time_us, hour_end);
    const double held = static_cast<double>(until - last_us_) / 1e6 * level_;
    hourAt(last_us_).level += held / 3600;
    held_seconds_ += held;
    last_us_ = until;
  }
  last_us_ = std::max(last_us_, time_us);
}

void DemandCurve::closeBatch(OpenBatch& batch) {
  if (batch.blocks == 0) return;
  if (batch.blocks >= batch_sizes_.size()) batch_sizes_.resize(batch.blocks + 1);
  ++batch_sizes_[batch.blocks];
  batch.blocks = 0;
}

void DemandCurve::take(std::uint64_t time_us, std::uint32_t source) {
  advance(time_us);
  if (level_ == crossings_.size()) crossings_.push_back(0);
  ++crossings_[level_++];
  if (source >= open_.size()) open_.resize(source + 1);
  OpenBatch& batch = open_[source];
  if (batch.blocks == 0 || time_us > batch.time_us + batch_us) {
    closeBatch(batch);
    ++batches_;
    ++hourAt(time_us).batches;
  }
  batch.time_us = time_us;
  ++batch.blocks;
}

void DemandCurve::give(std::uint64_t time_us, std::uint64_t life_us) {
  advance(time_us);
  --level_;
  const double life = static_cast<double>(life_us) / 1e6;
  ++lives_.count;
  lives_.sum += life;
  lives_.squares += life * life;
}

void DemandCurve::endDevice(std::uint64_t start_us, std::uint64_t end_us) {
  if (started_) advance(end_us);
  for (OpenBatch& batch : open_) closeBatch(batch);
  const auto whole_hours = static_cast<std::size_t>((end_us - start_us) / hour_us);
  hours_.resize(std::max(hours_.size(), first_hour_ + whole_hours));
  first_hour_ = hours_.size();
  seconds_ += static_cast<double>(end_us - start_us) / 1e6;
  level_ = 0;
  started_ = false;
}

}  // namespace millpond::sizing
