// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/FirstFitHeap.h"
#include "lab/policies/HeapPolicy.h"
#include "lab/soak/Soak.h"

namespace millpond::lab::test {

/// A policy with more RAM than any device asks for, which counts what is asked and can refuse a class.
class Witness : public Policy {
 public:
  static constexpr std::uint32_t bytes = 8U * 1024 * 1024;

  /// Of one source's requests of one class.
  struct Count {
    std::uint64_t requests = 0;
    std::uint32_t least = UINT32_MAX;
    std::uint32_t most = 0;
    std::uint32_t held = 0;  // just now
    std::uint32_t held_most = 0;
  };

  explicit Witness(const DeviceRam& ram) : heap_(ram.span(), 0) {}

  void refuse(RequestClass kind) { refused_ = kind; }
  void refuse(const std::string& source) { refused_source_ = source; }

  void* allocate(const DeviceRequest& request) override {
    Count& count = counts_[{request.source, request.kind}];
    ++count.requests;
    count.least = std::min(count.least, request.bytes);
    count.most = std::max(count.most, request.bytes);
    if (request.kind == refused_ || request.source == refused_source_) return nullptr;
    count.held_most = std::max(count.held_most, ++held_[request.kind]);
    return heap_.allocate(request);
  }
  void release(void* memory, RequestClass kind, std::uint32_t size) override {
    --held_[kind];
    heap_.release(memory, kind, size);
  }
  std::uint32_t steps() const override { return 1; }
  Holes holes() const override { return heap_.holes(); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override {
    heap_.forEachHeld(visit);
  }

  const Count& of(const std::string& source, RequestClass kind) { return counts_[{source, kind}]; }

 private:
  HeapPolicy<FirstFitHeap> heap_;
  std::map<std::pair<std::string, RequestClass>, Count> counts_;
  std::map<RequestClass, std::uint32_t> held_;  // blocks just now
  std::optional<RequestClass> refused_;
  std::string refused_source_;
};

}  // namespace millpond::lab::test
