// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "lab/device/Policy.h"

namespace millpond::lab {

/// Serves everything from one heap in all the RAM after the static buffers.
template <class AnyHeap>
class HeapPolicy : public Policy {
 public:
  HeapPolicy(std::span<std::byte> ram, std::uint32_t static_bytes)
      : ram_(ram), static_bytes_(static_bytes), heap_(ram.subspan(static_bytes)) {}

  void* allocate(const DeviceRequest& request) override { return heap_.allocate(request.bytes); }
  void release(void* memory, RequestClass /*kind*/, std::uint32_t /*bytes*/) override {
    heap_.release(memory);
  }
  std::uint32_t steps() const override { return heap_.steps(); }
  Holes holes() const override { return heap_.holes(); }
  std::uint32_t largestRequest(std::uint32_t hole) const override { return heap_.largestRequest(hole); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override {
    visit(0, static_bytes_);
    heap_.forEachHeld([&](const std::byte* address, std::uint32_t bytes) {
      visit(static_cast<std::uint32_t>(address - ram_.data()), bytes);
    });
  }

 private:
  std::span<std::byte> ram_;
  std::uint32_t static_bytes_;
  AnyHeap heap_;
};

}  // namespace millpond::lab
