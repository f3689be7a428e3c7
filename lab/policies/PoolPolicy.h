// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "lab/device/Policy.h"
#include "lab/device/Scenario.h"
#include "lab/heaps/EspIdfHeap.h"
#include "lab/policies/PoolSet.h"
#include "lab/policies/PoolWatch.h"

namespace millpond::lab {

/// Serves audio, network and general requests from Millpond's pools, and the rest from ESP-IDF's heap in the
/// remaining RAM, which is also the pools' fallback. With `net`, a second set of pools serves pbufs and TLS
/// records.
class PoolPolicy : public Policy {
 public:
  PoolPolicy(const Scenario& scenario, std::span<std::byte> ram, bool net);

  void* allocate(const DeviceRequest& request) override;
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override;
  std::uint32_t steps() const override { return steps_; }
  Holes holes() const override { return heap_.holes(); }
  std::uint32_t largestRequest(std::uint32_t hole) const override { return heap_.largestRequest(hole); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override;
  std::vector<TraceEncoder::Pool> pools() const override;
  PoolPlace placeOf(const DeviceRequest& request, const void* memory) const override;
  std::uint64_t spilledBytes() const override { return main_heap_.bytes; }
  void watchLeaks(const PoolWatch::Suspect& suspect) override;

 private:
  // The heap as a set of pools sees it, and how much the set took from it.
  struct Spill {
    EspIdfHeap& heap;
    std::uint64_t bytes = 0;
    std::uint32_t steps = 0;
  };
  static Heap behind(Spill& spill);

  void* allocateFromNet(const DeviceRequest& request);
  bool goesToNet(const DeviceRequest& request) const;

  std::span<std::byte> ram_;
  std::uint32_t static_bytes_;
  Scenario::NetPools net_sizes_;
  std::uint32_t steps_ = 0;
  std::byte* pools_;
  std::byte* net_pools_;
  std::byte* rest_;
  EspIdfHeap heap_;
  Spill main_heap_{heap_};
  Spill net_heap_{heap_};
  Heap behind_main_ = behind(main_heap_);
  Heap behind_net_ = behind(net_heap_);
  PoolSet main_;
  std::optional<PoolSet> net_;
  PoolWatch main_watch_{main_};
  std::optional<PoolWatch> net_watch_;
};

}  // namespace millpond::lab
