// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "millpond/EventBus.h"
#include "millpond/MemoryEvents.h"

namespace millpond::cli {

/// Logs the memory events of a run from the event bus: levels, reclaims, pools released and reacquired.
/// Logging allocates nothing, so the device's threads may deliver the events.
class PressureLog {
 public:
  struct Entry {
    enum class Kind : std::uint8_t { level, reclaim, pools_released, pools_reacquired };
    Kind kind = Kind::level;
    double t = 0;  // seconds since the log began
    PressureLevel level = PressureLevel::normal;
    const char* name = "";
    std::size_t bytes = 0;
  };
  static constexpr std::size_t capacity = 256;

  /// Effect: subscribes to `bus`, which outlives the log.
  explicit PressureLog(EventBus& bus);
  PressureLog(const PressureLog&) = delete;
  PressureLog& operator=(const PressureLog&) = delete;
  ~PressureLog();

  /// The first `capacity` entries; `missed` is the number of later ones.
  std::span<const Entry> entries() const { return std::span(entries_).first(count_); }
  std::size_t missed() const { return missed_; }

  /// The latest entries, oldest first, each with its number from 1 on. Context: any thread, at any time; the
  /// device's threads do not wait for it.
  struct Numbered {
    std::uint64_t number = 0;
    Entry entry;
  };
  std::vector<Numbered> latest() const;
  static constexpr std::size_t kept = 64;

 private:
  // An entry that can be read while another takes its place.
  struct Slot {
    std::atomic<std::uint64_t> number{0};  // 0 while it is written
    std::atomic<Entry::Kind> kind{};
    std::atomic<PressureLevel> level{};
    std::atomic<double> t{};
    std::atomic<const char*> name{};
    std::atomic<std::size_t> bytes{};
  };

  static void onEvent(void* self, const Event& event);
  void add(const Entry& entry);

  EventBus& bus_;
  std::uint64_t start_us_;
  std::array<Entry, capacity> entries_{};
  std::size_t count_ = 0;
  std::size_t missed_ = 0;
  std::array<Slot, kept> latest_;
  std::atomic<std::uint64_t> number_{0};
};

/// Returns: `pressure`, `reclaims`, `pool_releases` and `pool_reacquires` of a log.
nlohmann::json pressureJson(std::span<const PressureLog::Entry> entries);

/// Returns: the log as lines of text.
std::string pressureText(std::span<const PressureLog::Entry> entries);

}  // namespace millpond::cli
