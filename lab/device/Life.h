// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "lab/device/Agenda.h"
#include "lab/device/Random.h"
#include "lab/device/RequestAccount.h"
#include "lab/device/Scenario.h"

namespace millpond::lab {

/// The state that the parts of a device share. No part changes its behaviour when a request is refused: the
/// block is missing and everything else happens as usual. So every policy receives the same requests.
struct Life {
  const Scenario& scenario;
  std::uint64_t seed;
  RequestAccount& memory;
  Agenda agenda{};
  std::uint64_t now_us = 0;
  std::uint64_t events = 0;

  Block take(RequestClass kind, std::uint32_t bytes, Source source) {
    ++events;
    return memory.take(kind, bytes, source);
  }
  void after(std::uint32_t place, std::uint64_t micros) { agenda.set(place, now_us + micros); }

  /// Returns: `every_us`, shortened by the scenario's disturbance.
  std::uint64_t disturbed(std::uint64_t every_us) const {
    return every_us * 100 / scenario.disturbance.percent;
  }
};

/// The places of each part of the device on the agenda.
namespace place {
inline constexpr std::uint32_t capture = 0;
inline constexpr std::uint32_t gather = 1;
inline constexpr std::uint32_t acknowledgement = 2;
inline constexpr std::uint32_t link = 3;
inline constexpr std::uint32_t uplink_tls = 4;
inline constexpr std::uint32_t update = 5;
inline constexpr std::uint32_t update_tls = 6;
inline constexpr std::uint32_t message = 7;
inline constexpr std::uint32_t packet = 8;
inline constexpr std::uint32_t packet_handled = 9;
inline constexpr std::uint32_t cache = 10;
inline constexpr std::uint32_t transmit = 11;
inline constexpr std::uint32_t sector = 12;
inline constexpr std::uint32_t job = 13;
inline constexpr std::uint32_t mdns = 14;
inline constexpr std::uint32_t sessions = 16;
inline constexpr std::uint32_t max_sessions = 16;
inline constexpr std::uint32_t tasks = 32;
inline constexpr std::uint32_t max_tasks = 8;
inline constexpr std::uint32_t message_ends = 40;
inline constexpr std::uint32_t max_messages = 24;
}  // namespace place
static_assert(place::message_ends + place::max_messages <= Agenda::places);

/// Returns: a random time in `range`, which is in units of `unit_us`.
inline std::uint64_t anyTime(Random& random, const Range& range, std::uint32_t unit_us) {
  return std::uint64_t{random.within(range)} * unit_us + (unit_us > 1 ? random.below(unit_us) : 0);
}

inline constexpr std::uint32_t millisecond = 1000;
inline constexpr std::uint32_t second = 1000 * millisecond;
inline constexpr std::uint64_t hour = 3600ULL * second;

}  // namespace millpond::lab
