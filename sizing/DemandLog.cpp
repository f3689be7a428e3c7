// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/DemandLog.h"

#include <algorithm>

namespace millpond::sizing {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18U;

}  // namespace

NameIndex Names::of(std::string_view name) {
  const auto [entry, is_new] = index_.try_emplace(std::string(name), static_cast<NameIndex>(names_.size()));
  if (is_new) names_.push_back(&entry->first);
  return entry->second;
}

DemandLog::DemandLog() = default;
DemandLog::DemandLog(DemandLog&&) noexcept = default;
DemandLog& DemandLog::operator=(DemandLog&&) noexcept = default;
DemandLog::~DemandLog() = default;

std::size_t DemandLog::RequestHash::operator()(const Request& request) const {
  const std::uint64_t key =
      (std::uint64_t{request.pool} << 56U) ^ (std::uint64_t{request.source} << 32U) ^ request.bytes;
  return std::hash<std::uint64_t>()(key * 0x9E3779B97F4A7C15U);
}

DemandLog::Slot DemandLog::Slots::take(std::uint32_t flow) {
  if (free_.empty()) {
    flows_.push_back(flow);
    return static_cast<Slot>(flows_.size() - 1);
  }
  const Slot slot = free_.back();
  free_.pop_back();
  flows_[slot] = flow;
  return slot;
}

std::uint32_t DemandLog::Slots::give(Slot slot) {
  free_.push_back(slot);
  return flows_[slot];
}

std::uint32_t DemandLog::flowOf(const Request& request) {
  const auto [entry, is_new] = flow_index_.try_emplace(request, static_cast<std::uint32_t>(flows_.size()));
  if (is_new) flows_.push_back(request);
  return entry->second;
}

// Seven bits a byte, the lowest first; the highest bit says that more follow.
void DemandLog::number(std::uint64_t value) {
  do {
    if (used_ % chunk_bytes == 0) chunks_.push_back(std::make_unique<std::uint8_t[]>(chunk_bytes));
    chunks_.back()[used_++ % chunk_bytes] =
        static_cast<std::uint8_t>((value & 127U) | (value > 127 ? 128U : 0U));
    value >>= 7U;
  } while (value != 0);
}

void DemandLog::append(std::uint64_t time_us, std::uint64_t what) {
  if (events_++ == 0) start_us_ = last_us_ = time_us;
  time_us = std::max(time_us, last_us_);
  number(time_us - last_us_);
  number(what);
  last_us_ = time_us;
  end_us_ = std::max(end_us_, time_us);
}

DemandLog::Slot DemandLog::take(std::uint64_t time_us, const Request& request) {
  const std::uint32_t flow = flowOf(request);
  append(time_us, std::uint64_t{flow} << 1U | 1U);
  return slots_.take(flow);
}

void DemandLog::give(std::uint64_t time_us, Slot slot) {
  append(time_us, std::uint64_t{slot} << 1U);
  slots_.give(slot);
}

void DemandLog::endAt(std::uint64_t time_us) { end_us_ = std::max(end_us_, time_us); }

std::uint64_t DemandLog::Reader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (at_ == chunk_bytes) {
      ++chunk_;
      at_ = 0;
    }
    const std::uint8_t byte = log_.chunks_[chunk_][at_++];
    value |= std::uint64_t{byte & 127U} << shift;
    if (byte < 128) return value;
  }
}

bool DemandLog::Reader::next(Event& event) {
  if (read_ == log_.events_) return false;
  ++read_;
  time_us_ += number();
  const std::uint64_t what = number();
  event.time_us = time_us_;
  event.takes = (what & 1U) != 0;
  if (event.takes) {
    const auto flow = static_cast<std::uint32_t>(what >> 1U);
    event.slot = slots_.take(flow);
    event.request = log_.flows_[flow];
  } else {
    event.slot = static_cast<Slot>(what >> 1U);
    event.request = log_.flows_[slots_.give(event.slot)];
  }
  return true;
}

}  // namespace millpond::sizing
