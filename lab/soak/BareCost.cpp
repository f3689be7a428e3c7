// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/soak/BareCost.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "lab/heaps/DeviceRam.h"
#include "lab/policies/Policies.h"
#include "lab/soak/CpuClock.h"
#include "lab/soak/Soak.h"

namespace millpond::lab {

namespace {

/// A request or its release; the block is in `slot` in between.
struct Operation {
  const char* source;  // nullptr for a release
  std::uint32_t bytes;
  std::uint32_t slot;
  RequestClass kind;
};

/// Forwards to another policy and records each operation.
class WrittenPolicy : public Policy {
 public:
  explicit WrittenPolicy(Policy& policy) : policy_(policy) {}

  void* allocate(const DeviceRequest& request) override {
    void* memory = policy_.allocate(request);
    const std::uint32_t slot = takeSlot();
    list_.push_back({request.source, request.bytes, slot, request.kind});
    if (memory == nullptr) {
      free_slots_.push_back(slot);
    } else {
      slots_[memory] = slot;
    }
    return memory;
  }
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override {
    const auto held = slots_.find(memory);
    list_.push_back({nullptr, bytes, held->second, kind});
    free_slots_.push_back(held->second);
    slots_.erase(held);
    policy_.release(memory, kind, bytes);
  }
  std::uint32_t steps() const override { return policy_.steps(); }
  Holes holes() const override { return policy_.holes(); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override {
    policy_.forEachHeld(visit);
  }

  const std::vector<Operation>& list() const { return list_; }
  std::uint32_t slots() const { return slot_count_; }

 private:
  std::uint32_t takeSlot() {
    if (free_slots_.empty()) return slot_count_++;
    const std::uint32_t slot = free_slots_.back();
    free_slots_.pop_back();
    return slot;
  }

  Policy& policy_;
  std::vector<Operation> list_;
  std::unordered_map<const void*, std::uint32_t> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slot_count_ = 0;
};

double replay(const WrittenPolicy& written, Policy& policy) {
  std::vector<void*> blocks(written.slots());
  const CpuClock clock;
  for (const Operation& operation : written.list()) {
    void*& block = blocks[operation.slot];
    if (operation.source != nullptr) {
      block = policy.allocate({operation.kind, operation.bytes, operation.source});
    } else {
      policy.release(block, operation.kind, operation.bytes);
    }
  }
  return clock.seconds();
}

}  // namespace

BareCost bareCost(const Scenario& scenario, const std::string& policy, double days, std::uint64_t seed) {
  const DeviceRam ram(scenario.ram.total_bytes);
  const std::unique_ptr<Policy> served = makePolicy(policy, scenario, ram.span());
  WrittenPolicy written(*served);
  soakOn(written, ram.span(), scenario, days, seed);
  BareCost cost{written.list().size(), std::numeric_limits<double>::max()};
  for (int time = 0; time < 3; ++time) {
    const DeviceRam fresh(scenario.ram.total_bytes);
    const std::unique_ptr<Policy> alone = makePolicy(policy, scenario, fresh.span());
    cost.seconds = std::min(cost.seconds, replay(written, *alone));
  }
  return cost;
}

}  // namespace millpond::lab
