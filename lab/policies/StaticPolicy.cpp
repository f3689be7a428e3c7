// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/StaticPolicy.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lab/device/RequestAccount.h"

namespace millpond::lab {

namespace {

constexpr std::uint32_t buffer_alignment = 8;

constexpr std::uint8_t bitOf(RequestClass kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}

std::uint32_t rounded(std::uint32_t bytes) {
  return (bytes + buffer_alignment - 1) / buffer_alignment * buffer_alignment;
}

// The most that boot can request.
std::uint64_t bootBytes(const Scenario& scenario) {
  const Scenario::Boot& boot = scenario.boot;
  return rounded(scenario.codec.encoder_bytes) +
         std::uint64_t{boot.receive_buffers} * rounded(boot.receive_bytes.high) +
         std::uint64_t{boot.stacks} * rounded(boot.stack_bytes.high) +
         std::uint64_t{boot.objects} * rounded(boot.object_bytes.high);
}

}  // namespace

StaticPolicy::StaticPolicy(const Scenario& scenario, std::span<std::byte> ram)
    : ram_(ram), end_(scenario.ram.static_bytes), boot_end_(end_) {
  reserve(bootBytes(scenario));
  first_set_ = end_;
  const Scenario::Pools& pools = scenario.pools;
  const Scenario::Fixed& fixed = scenario.fixed;
  const std::uint32_t general_bytes = pools.general_granules * pools.general_granule_bytes;
  add(bitOf(RequestClass::audio), pools.audio_blocks, pools.audio_block_bytes);
  add(bitOf(RequestClass::network), pools.network_blocks, pools.network_block_bytes);
  add(bitOf(RequestClass::general), general_bytes / scenario.general.bytes.high, scenario.general.bytes.high);
  add(bitOf(RequestClass::pbuf), fixed.pbufs, fixed.pbuf_bytes);
  const std::uint8_t objects = bitOf(RequestClass::small) | bitOf(RequestClass::tls);
  add(objects, fixed.small, fixed.small_bytes);
  add(objects, fixed.medium, fixed.medium_bytes);
  add(objects, fixed.large, fixed.large_bytes);
  add(objects, fixed.works, fixed.work_bytes);
  add(bitOf(RequestClass::tls), fixed.tls_connections, scenario.tls.record_out_bytes.high);
  add(bitOf(RequestClass::tls), fixed.tls_connections, scenario.tls.record_in_bytes.high);
}

// Effect: reserves the next `bytes` bytes of RAM. Returns: their offset.
std::uint32_t StaticPolicy::reserve(std::uint64_t bytes) {
  if (bytes > ram_.size() - end_) {
    throw std::runtime_error("the scenario's static buffers need more than ram.total_bytes, " +
                             std::to_string(ram_.size()) + ": make some in [static] fewer");
  }
  const std::uint32_t start = end_;
  end_ += static_cast<std::uint32_t>(bytes);
  return start;
}

void StaticPolicy::add(std::uint8_t kinds, std::uint32_t count, std::uint32_t bytes) {
  const std::uint32_t start = reserve(std::uint64_t{count} * rounded(bytes));
  sets_.push_back({kinds, start, rounded(bytes), count, std::vector<bool>(count)});
}

void* StaticPolicy::allocate(const DeviceRequest& request) {
  if (std::string_view(request.source) == source_names[static_cast<std::size_t>(Source::boot)]) {
    return takeForBoot(request.bytes);
  }
  steps_ = 0;
  for (Set& set : sets_) {
    if ((set.kinds & bitOf(request.kind)) == 0 || set.bytes < request.bytes) continue;
    const auto free = std::find(set.held.begin(), set.held.end(), false);
    steps_ += static_cast<std::uint32_t>(free - set.held.begin()) + 1;
    if (free == set.held.end()) continue;
    *free = true;
    --set.free;
    return ram_.data() + set.offset + static_cast<std::size_t>(free - set.held.begin()) * set.bytes;
  }
  return nullptr;
}

void* StaticPolicy::takeForBoot(std::uint32_t bytes) {
  steps_ = 1;
  std::byte* memory = ram_.data() + boot_end_;
  boot_end_ += rounded(bytes);
  return memory;
}

void StaticPolicy::release(void* memory, RequestClass /*kind*/, std::uint32_t /*bytes*/) {
  const auto offset = static_cast<std::uint32_t>(static_cast<std::byte*>(memory) - ram_.data());
  steps_ = 1;
  if (offset < first_set_) return;
  const auto above = std::ranges::upper_bound(sets_, offset, {}, &Set::offset);
  Set& set = *std::prev(above);
  set.held[(offset - set.offset) / set.bytes] = false;
  ++set.free;
}

Holes StaticPolicy::holes() const {
  Holes holes;
  // A request takes a whole buffer, so no part of one stays free: `largest_at` stays unknown.
  for (const Set& set : sets_) holes.add(set.bytes, nullptr, set.free);
  return holes;
}

void StaticPolicy::forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const {
  visit(0, boot_end_);
  for (const Set& set : sets_) {
    for (std::uint32_t index = 0; index < set.held.size(); ++index) {
      if (set.held[index]) visit(set.offset + index * set.bytes, set.bytes);
    }
  }
}

}  // namespace millpond::lab
