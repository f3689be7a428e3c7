// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace millpond::lab {

/// The class of a request. The pools serve the first three; ADR-002 leaves the rest to the heap.
enum class RequestClass : std::uint8_t { audio, network, general, tls, pbuf, small };
inline constexpr std::size_t request_classes = 6;
inline constexpr std::array<const char*, request_classes> request_class_names{"audio", "network", "general",
                                                                              "tls",   "pbuf",    "small"};
constexpr bool isPooled(RequestClass kind) { return kind <= RequestClass::general; }

/// A request within the backlog's limit that memory refused.
struct FailedRequest {
  RequestClass kind = RequestClass::audio;
  std::uint64_t time_us = 0;
  std::uint32_t bytes = 0;
  /// Free bytes and largest free block of the heap at that moment.
  std::uint32_t free = 0;
  std::uint32_t largest = 0;
};

/// How many steps an operation took, over all operations of a run. `Policy` defines a step.
struct StepSpread {
  std::uint32_t median = 0;
  std::uint32_t p999 = 0;
  std::uint32_t max = 0;
};

/// What was never released, by the part of the device that allocated it.
struct Leak {
  std::string source;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// The first time that the library's `LeakWatch` suspected a block of `source` that was leaked (`leaks`), or
/// one that was not.
struct LeakNaming {
  std::string source;
  std::uint64_t time_us = 0;
  bool leaks = false;
};

/// Sizes of a scenario with which a policy cannot serve what it is made for, and a value that would do.
struct Warning {
  std::string key;
  std::uint32_t value = 0;
  std::string text;
};

/// A sample of memory. `free`, `largest` and `free_squares` concern the heap: what the policy has for
/// requests of any size.
struct MemorySample {
  std::uint64_t time_us = 0;
  std::uint32_t free = 0;
  std::uint32_t largest = 0;
  /// The sum of the squares of all holes.
  std::uint64_t free_squares = 0;
  /// Bytes requested by all blocks that are held.
  std::uint32_t held = 0;

  /// 1 - largest / free: the share of the free bytes that the largest request cannot use.
  double fragmentation() const;
  /// 1 - sqrt(sum f^2) / sum f: 0 if the free bytes are one hole, near 1 if they are dust.
  double scatter() const;
};

/// Each cell of RAM at one moment, lowest address first: the share that was held, in 1/255, and the class of
/// request that had most of it; `request_classes` stands for static data, what boot took, and bookkeeping.
struct MapRow {
  std::uint64_t time_us = 0;
  std::vector<std::uint8_t> used;
  std::vector<std::uint8_t> kinds;
};

/// The result of one device's life on one policy.
struct SoakResult {
  std::string policy;
  std::string scenario;
  std::uint64_t seed = 0;
  double days = 0;

  /// Captures, chunks, segments, acknowledgements, strings and all other events of the device.
  std::uint64_t events = 0;
  std::uint64_t allocations = 0;
  /// A hash of all requests and releases with their times; the same for every policy.
  std::uint64_t requests_hash = 0;

  std::optional<FailedRequest> first_failure;
  std::array<std::optional<FailedRequest>, request_classes> first_failure_by_class;
  std::array<std::uint64_t, request_classes> failures{};
  std::uint64_t samples_lost = 0;
  double sound_lost_s = 0;  // the time that these samples last

  /// The least that the largest free block of the heap ever was, when it first was, and the largest request
  /// that would have been served then.
  std::uint32_t largest_free_min = 0;
  std::uint64_t largest_free_min_time_us = 0;
  std::uint32_t largest_request_min = 0;
  std::uint32_t held_peak = 0;
  /// Bytes that audio, network and general requests took from the heap, if the policy has pools for them.
  std::uint64_t heap_bytes_from_pooled_classes = 0;
  std::vector<Leak> leaks;

  StepSpread allocate_steps;
  StepSpread release_steps;
  /// Of audio, network and general requests alone.
  StepSpread pooled_allocate_steps;
  StepSpread pooled_release_steps;

  /// Covers every result above and the address of every block; the same on any machine.
  std::uint64_t digest = 0;
  /// In order of time; empty for a policy without a ledger.
  std::vector<LeakNaming> leak_watch;
  std::vector<Warning> warnings;
  /// The bytes of sound in chunks that the device may hold back.
  std::uint64_t backlog_bytes = 0;
  /// Processor time of the host for the run.
  double seconds = 0;

  /// Only if requested.
  std::vector<MemorySample> timeline;
  std::vector<MapRow> map;
  /// The moment of the first refused request, if any.
  std::optional<MapRow> map_at_failure;

  bool passed() const { return !first_failure.has_value(); }
};

/// Returns: the object that `millpond soak --json` prints; with `timeline` and `map` if the result has them.
nlohmann::json toJson(const SoakResult& result);

}  // namespace millpond::lab
