// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <span>

#include "lab/device/Policy.h"
#include "lab/device/Scenario.h"
#include "lab/heaps/FirstFitHeap.h"
#include "lab/policies/PoolFile.h"
#include "lab/policies/PoolSet.h"

namespace millpond::lab {

/// Serves requests from the pools of a file, and the rest from a first-fit heap in the remaining RAM, which
/// is also the pools' fallback.
class FilePolicy : public Policy {
 public:
  /// Throws: std::runtime_error if the pools leave no room for a heap.
  FilePolicy(const PoolFile& file, const Scenario& scenario, std::span<std::byte> ram);

  void* allocate(const DeviceRequest& request) override;
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override;
  std::uint32_t steps() const override { return steps_; }
  Holes holes() const override { return heap_.holes(); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override;
  std::vector<TraceEncoder::Pool> pools() const override;
  PoolPlace placeOf(const DeviceRequest& request, const void* memory) const override;
  std::uint64_t spilledBytes() const override { return spilled_; }

 private:
  PoolId poolFor(RequestClass kind, std::uint32_t bytes) const;

  const PoolFile& file_;
  std::span<std::byte> ram_;
  std::uint32_t static_bytes_;
  std::byte* rest_;
  FirstFitHeap heap_;
  Heap behind_;
  PoolSet set_;
  std::uint32_t steps_ = 0;
  std::uint64_t spilled_ = 0;
};

}  // namespace millpond::lab
