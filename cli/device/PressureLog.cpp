// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/PressureLog.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace millpond::cli {

namespace {

constexpr std::array heard{PressureChanged::event, Reclaimed::event, PoolsMoved::event};
using Kind = PressureLog::Entry::Kind;

std::string lineOf(const PressureLog::Entry& entry) {
  switch (entry.kind) {
    case Kind::level:
      return fmt::format("pressure {}", levelName(entry.level));
    case Kind::reclaim:
      return fmt::format("reclaimed {} bytes: {}", entry.bytes, entry.name);
    case Kind::pools_released:
      return fmt::format("idle pools given back to the heap: {} bytes", entry.bytes);
    case Kind::pools_reacquired:
      return fmt::format("pools taken from the heap again: {} bytes", entry.bytes);
  }
  return {};
}

}  // namespace

PressureLog::PressureLog(EventBus& bus) : bus_(bus), start_us_(Port::micros()) {
  for (const EventId event : heard) bus.subscribe(event, &PressureLog::onEvent, EventPriority::low, this);
}

PressureLog::~PressureLog() {
  for (const EventId event : heard) bus_.unsubscribe(event, &PressureLog::onEvent, this);
}

void PressureLog::onEvent(void* self, const Event& event) {
  auto& log = *static_cast<PressureLog*>(self);
  if (event.id() == PressureChanged::event) {
    log.add({.kind = Kind::level, .level = event.as<PressureChanged>()->to});
  } else if (event.id() == Reclaimed::event) {
    const auto& reclaimed = *event.as<Reclaimed>();
    log.add({.kind = Kind::reclaim, .name = reclaimed.name, .bytes = reclaimed.bytes});
  } else {
    const auto& moved = *event.as<PoolsMoved>();
    log.add({.kind = moved.released ? Kind::pools_released : Kind::pools_reacquired, .bytes = moved.bytes});
  }
}

void PressureLog::add(const Entry& added) {
  Entry entry = added;
  entry.t = static_cast<double>(Port::micros() - start_us_) / 1e6;
  if (count_ == capacity) {
    ++missed_;
  } else {
    entries_[count_++] = entry;
  }
  const std::uint64_t number = number_.load(std::memory_order_relaxed) + 1;
  Slot& slot = latest_[number % kept];
  slot.number.store(0, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  slot.kind.store(entry.kind, std::memory_order_relaxed);
  slot.level.store(entry.level, std::memory_order_relaxed);
  slot.t.store(entry.t, std::memory_order_relaxed);
  slot.name.store(entry.name, std::memory_order_relaxed);
  slot.bytes.store(entry.bytes, std::memory_order_relaxed);
  slot.number.store(number, std::memory_order_release);
  number_.store(number, std::memory_order_release);
}

std::vector<PressureLog::Numbered> PressureLog::latest() const {
  std::vector<Numbered> all;
  const std::uint64_t last = number_.load(std::memory_order_acquire);
  for (std::uint64_t number = last > kept ? last - kept + 1 : 1; number <= last; ++number) {
    const Slot& slot = latest_[number % kept];
    if (slot.number.load(std::memory_order_acquire) != number) continue;
    const Numbered read{number,
                        {.kind = slot.kind.load(std::memory_order_relaxed),
                         .t = slot.t.load(std::memory_order_relaxed),
                         .level = slot.level.load(std::memory_order_relaxed),
                         .name = slot.name.load(std::memory_order_relaxed),
                         .bytes = slot.bytes.load(std::memory_order_relaxed)}};
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.number.load(std::memory_order_relaxed) == number) all.push_back(read);
  }
  return all;
}

nlohmann::json pressureJson(std::span<const PressureLog::Entry> entries) {
  nlohmann::json levels = nlohmann::json::array();
  nlohmann::json reclaims = nlohmann::json::array();
  for (const PressureLog::Entry& entry : entries) {
    if (entry.kind == Kind::level) levels.push_back({{"t", entry.t}, {"level", levelName(entry.level)}});
    if (entry.kind == Kind::reclaim) {
      reclaims.push_back({{"t", entry.t}, {"name", entry.name}, {"bytes", entry.bytes}});
    }
  }
  const auto count = [&](Kind kind) {
    return std::count_if(entries.begin(), entries.end(),
                         [kind](const PressureLog::Entry& entry) { return entry.kind == kind; });
  };
  return {{"pressure", levels},
          {"reclaims", reclaims},
          {"pool_releases", count(Kind::pools_released)},
          {"pool_reacquires", count(Kind::pools_reacquired)}};
}

std::string pressureText(std::span<const PressureLog::Entry> entries) {
  std::string text;
  for (const PressureLog::Entry& entry : entries)
    text += fmt::format("  {:>6.2f} s  {}\n", entry.t, lineOf(entry));
  return text;
}

}  // namespace millpond::cli
