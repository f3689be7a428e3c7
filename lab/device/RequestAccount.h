// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "lab/device/BlockKinds.h"
#include "lab/device/LeastHole.h"
#include "lab/device/Policy.h"
#include "lab/device/Recorder.h"
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
  update,
  codec,
  transmit,
  job,
  mdns
};
inline constexpr std::size_t sources = 16;
inline constexpr std::array<const char*, sources> source_names{
    "boot",  "capture", "uplink", "segment", "acknowledgement", "tls",      "message", "task",
    "burst", "session", "cache",  "update",  "codec",           "transmit", "job",     "mdns"};

/// A block that a part of the device requested; `address` is nullptr if memory refused it.
struct Block {
  void* address = nullptr;
  std::uint32_t bytes = 0;
  RequestClass kind = RequestClass::small;
  Source source = Source::boot;
  bool spoiled = false;  // holds sound that could not be encoded
};

/// Passes all of a device's requests to a policy and keeps the account of them.
class RequestAccount {
 public:
  /// `ram` is the start of the policy's memory. `recorder`, if any, records each request.
  RequestAccount(Policy& policy, const std::byte* ram, Recorder* recorder = nullptr)
      : policy_(policy), ram_(ram), recorder_(recorder) {}

  /// Effect: requests of `bytes` bytes and more lie outside of the policy's RAM from now on, except those for
  /// captured sound; 0: none do.
  void setExternal(std::uint32_t bytes) { external_from_ = bytes; }

  /// Effect: leaks every `every`-th block of `source` instead of releasing it; 0: leaks none.
  void setLeak(Source source, std::uint32_t every) { leak_every_[index(source)] = every; }

  /// Effect: records no further request.
  void endRecording() { recorder_ = nullptr; }

  /// Effect: from now on notes whose each block in `ram` is, except what boot asks for, and calls
  /// `on_first_failure` when memory refuses the first request.
  void keepKinds(std::span<const std::byte> ram, std::function<void()> on_first_failure) {
    kinds_.start(ram);
    on_first_failure_ = std::move(on_first_failure);
  }
  const BlockKinds& kinds() const { return kinds_; }

  /// Effect: sets the time to `time_us`.
  void setTime(std::uint64_t time_us) { time_us_ = time_us; }

  Block take(RequestClass kind, std::uint32_t bytes, Source source);
  /// Effect: releases `block` and empties it. Does nothing for an empty one.
  void give(Block& block);

  /// Returns: the policy's holes.
  Holes look();

  const std::optional<FailedRequest>& firstFailure() const { return first_failure_; }
  /// Whether the device has lost the block at `address`: a leak.
  bool isForgotten(const void* address) const { return forgotten_.contains(address); }

  std::uint32_t held() const { return held_; }
  std::uint64_t allocations() const { return allocations_; }

  /// Effect: writes the account into `result`; what is still held counts as leaked. Call when the device has
  /// released everything it knows of.
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

  bool isExternal(RequestClass kind, std::uint32_t bytes) const {
    return external_from_ != 0 && bytes >= external_from_ && kind != RequestClass::audio;
  }

  Policy& policy_;
  const std::byte* ram_;
  Recorder* recorder_;
  std::uint32_t external_from_ = 0;
  std::byte external_{};  // stands for every block outside of the RAM
  std::uint64_t time_us_ = 0;
  std::uint64_t allocations_ = 0;
  std::uint64_t requests_hash_ = 0;
  std::uint64_t places_hash_ = 0;
  std::uint32_t held_ = 0;
  std::uint32_t held_peak_ = 0;
  LeastHole least_hole_;
  BlockKinds kinds_;
  std::function<void()> on_first_failure_;
  std::array<std::uint64_t, request_classes> failures_{};
  std::array<std::optional<FailedRequest>, request_classes> first_failures_;
  std::optional<FailedRequest> first_failure_;
  std::array<Live, sources> live_{};
  std::array<std::uint32_t, sources> leak_every_{};
  std::array<std::uint32_t, sources> given_{};
  std::set<const void*> forgotten_;
  // Index 1: requests for the pools; index 0: all others.
  std::array<StepCounter, 2> allocate_steps_;
  std::array<StepCounter, 2> release_steps_;
};

}  // namespace millpond::lab
