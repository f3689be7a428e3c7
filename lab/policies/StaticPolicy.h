// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lab/device/Policy.h"
#include "lab/device/Scenario.h"

namespace millpond::lab {

/// Static buffers only: each class of request has a fixed number of buffers of fixed sizes, and a request
/// that fits no free one fails. What boot allocates has exactly its size.
class StaticPolicy : public Policy {
 public:
  StaticPolicy(const Scenario& scenario, std::span<std::byte> ram);

  void* allocate(const DeviceRequest& request) override;
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override;
  std::uint32_t steps() const override { return steps_; }
  Holes holes() const override;
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override;

 private:
  /// Adjacent buffers of one size.
  struct Set {
    std::uint8_t kinds;  // a bit for each class it serves
    std::uint32_t offset;
    std::uint32_t bytes;
    std::uint32_t free;
    std::vector<bool> held;
  };

  std::uint32_t reserve(std::uint64_t bytes);
  void add(std::uint8_t kinds, std::uint32_t count, std::uint32_t bytes);
  void* takeForBoot(std::uint32_t bytes);

  std::span<std::byte> ram_;
  std::uint32_t end_;            // of the part laid out so far
  std::uint32_t first_set_ = 0;  // what boot took lies below
  std::uint32_t boot_end_;
  std::vector<Set> sets_;  // those of one class by ascending size
  std::uint32_t steps_ = 0;
};

}  // namespace millpond::lab
