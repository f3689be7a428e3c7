// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lab/device/Policy.h"
#include "lab/device/StepCounter.h"

namespace millpond::lab {

/// The parts of a device that ask for memory.
enum class Source : std::uint8_t {
  boot,
  capture,
  uplink,
  segment,
  acknowledgement,
  tls,
  message,
  task,
  burst,
  session,
  cache,
  update
};
inline constexpr std::size_t sources = 12;
inline constexpr std::array<const char*, sources> source_names{
    "boot",    "capture", "uplink", "segment", "acknowledgement", "tls",
    "message", "task",    "burst",  "session", "cache",           "update"};

/// Something a part of the device asked for; `address` is nullptr where memory refused it.
struct Block {
  void* address = nullptr;
  std::uint32_t bytes = 0;
  RequestClass kind = RequestClass::small;
  Source source = Source::boot;
};

/// All of a device's requests on their way to a policy, and the account of them.
class RequestAccount {
 public:
  /// `ram` is where the policy's memory begins.
  RequestAccount(Policy& policy, const std::byte* ram) : policy_(policy), ram_(ram) {}

  /// Effect: every `every`-th block of `source` that is given back is forgotten instead; 0: none is.
  void setLeak(Source source, std::uint32_t every) { leak_every_[index(source)] = every; }

  /// Effect: from now on it is `time_us`.
  void setTime(std::uint64_t time_us) { time_us_ = time_us; }

  Block take(RequestClass kind, std::uint32_t bytes, Source source);
  /// Effect: gives `block` back and empties it. An empty one is nothing to give back.
  void give(Block& block);

  /// Effect: looks at the holes there are.
  Holes look();

  std::uint32_t held() const { return held_; }
  std::uint64_t allocations() const { return allocations_; }

  /// Effect: writes the account into `result`: what is held now nobody will give back. Call when the device
  /// has given back all it knows of.
  void close(SoakResult& result) const;

 private:
  struct Live {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
  };
  static std::size_t index(Source source) { return static_cast<std::size_t>(source); }
  static std::size_t index(RequestClass kind) { return static_cast<std::size_t>(kind); }
  void refuse(RequestClass kind, std::uint32_t bytes);
  std::uint64_t digestOf(const SoakResult& result) const;

  Policy& policy_;
  const std::byte* ram_;
  std::uint64_t time_us_ = 0;
  std::uint64_t allocations_ = 0;
  std::uint64_t requests_hash_ = 0;
  std::uint64_t places_hash_ = 0;
  std::uint32_t held_ = 0;
  std::uint32_t held_peak_ = 0;
  std::uint32_t largest_free_min_ = UINT32_MAX;
  std::array<std::uint64_t, request_classes> failures_{};
  std::array<std::optional<FailedRequest>, request_classes> first_failures_;
  std::optional<FailedRequest> first_failure_;
  std::array<Live, sources> live_{};
  std::array<std::uint32_t, sources> leak_every_{};
  std::array<std::uint32_t, sources> given_{};
  // By whether the request is one for the pools.
  std::array<StepCounter, 2> allocate_steps_;
  std::array<StepCounter, 2> release_steps_;
};

}  // namespace millpond::lab
