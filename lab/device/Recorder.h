// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lab/device/Policy.h"
#include "millpond/trace/TraceEncoder.h"

namespace millpond::lab {

/// Writes a device's requests as a trace, with every class of requests: also those that no pool serves.
class Recorder {
 public:
  /// Requires: `policy`, its `ram` and what `sink` needs outlive the recorder.
  Recorder(const Policy& policy, std::span<const std::byte> ram, const TraceSink& sink);

  /// Effect: records that `request` got `memory`, which may be nullptr.
  void taken(std::uint64_t time_us, const DeviceRequest& request, const void* memory);
  /// Effect: records that `memory`, which `request` got, is about to be released.
  void given(std::uint64_t time_us, const DeviceRequest& request, const void* memory);
  /// Effect: writes what is not written yet.
  void finish() { encoder_.flush(); }

 private:
  void add(std::uint64_t time_us, TraceKind kind, const DeviceRequest& request, const PoolPlace& place);
  std::uint32_t heapBlock(const void* memory) const;
  static std::vector<TraceEncoder::Pool> poolsOf(const Policy& policy);

  const Policy& policy_;
  std::span<const std::byte> ram_;
  std::vector<TraceEncoder::Pool> pools_;
  std::vector<std::uint32_t> held_;
  std::vector<std::byte> packet_;
  TraceEncoder encoder_;
};

}  // namespace millpond::lab
