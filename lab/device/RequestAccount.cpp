// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/RequestAccount.h"

#include <algorithm>

namespace millpond::lab {

namespace {

void mix(std::uint64_t& hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9FB21C651E98DF25U;
  hash ^= hash >> 28U;
}

void mix(std::uint64_t& hash, const std::optional<FailedRequest>& failure) {
  mix(hash, failure.has_value() ? 1U : 0U);
  if (!failure) return;
  mix(hash, static_cast<std::uint64_t>(failure->kind));
  for (const std::uint64_t value : {failure->time_us, std::uint64_t{failure->bytes},
                                    std::uint64_t{failure->free}, std::uint64_t{failure->largest}}) {
    mix(hash, value);
  }
}

void mix(std::uint64_t& hash, const StepSpread& steps) {
  for (const std::uint32_t value : {steps.median, steps.p999, steps.max}) mix(hash, value);
}

}  // namespace

Block RequestAccount::take(RequestClass kind, std::uint32_t bytes, Source source) {
  ++allocations_;
  mix(requests_hash_, time_us_ << 20U ^ std::uint64_t{bytes} << 4U ^ static_cast<std::uint64_t>(kind));
  if (isExternal(kind, bytes)) return {&external_, bytes, kind, source};
  const DeviceRequest request{kind, bytes, source_names[index(source)]};
  void* address = policy_.allocate(request);
  if (recorder_ != nullptr) recorder_->taken(time_us_, request, address);
  allocate_steps_[isPooled(kind) ? 1 : 0].add(policy_.steps());
  if (address == nullptr) {
    refuse(kind, bytes);
    return {nullptr, bytes, kind, source};
  }
  mix(places_hash_, static_cast<std::uint64_t>(static_cast<std::byte*>(address) - ram_));
  if (least_hole_.mustLookAfter(static_cast<std::byte*>(address), bytes)) look();
  kinds_.take(address, kind);
  held_ += bytes;
  held_peak_ = std::max(held_peak_, held_);
  Live& live = live_[index(source)];
  ++live.count;
  live.bytes += bytes;
  return {address, bytes, kind, source};
}

void RequestAccount::refuse(RequestClass kind, std::uint32_t bytes) {
  mix(places_hash_, UINT64_MAX);
  ++failures_[index(kind)];
  if (first_failures_[index(kind)]) return;
  const Holes holes = look();
  first_failures_[index(kind)] = FailedRequest{kind, time_us_, bytes, holes.free, holes.largest};
  if (first_failure_) return;
  first_failure_ = first_failures_[index(kind)];
  if (on_first_failure_) on_first_failure_();
}

void RequestAccount::give(Block& block) {
  if (block.bytes == 0) return;
  mix(requests_hash_, ~(time_us_ << 20U ^ block.bytes));
  const std::size_t source = index(block.source);
  const bool forgotten = leak_every_[source] != 0 && ++given_[source] % leak_every_[source] == 0;
  if (block.address == nullptr || block.address == &external_) {
    block = {};
    return;
  }
  if (forgotten) {
    forgotten_.insert(block.address);
  } else {
    if (recorder_ != nullptr)
      recorder_->given(time_us_, {block.kind, block.bytes, source_names[source]}, block.address);
    kinds_.give(block.address);
    policy_.release(block.address, block.kind, block.bytes);
    release_steps_[isPooled(block.kind) ? 1 : 0].add(policy_.steps());
    held_ -= block.bytes;
    Live& live = live_[source];
    --live.count;
    live.bytes -= block.bytes;
  }
  block = {};
}

Holes RequestAccount::look() {
  const Holes holes = policy_.holes();
  least_hole_.look(holes, time_us_);
  return holes;
}

void RequestAccount::close(SoakResult& result) const {
  result.allocations = allocations_;
  result.requests_hash = requests_hash_;
  result.first_failure = first_failure_;
  result.first_failure_by_class = first_failures_;
  result.failures = failures_;
  result.largest_free_min = least_hole_.bytes();
  result.largest_free_min_time_us = least_hole_.timeMicros();
  result.largest_request_min = policy_.largestRequest(least_hole_.bytes());
  result.held_peak = held_peak_;
  result.heap_bytes_from_pooled_classes = policy_.spilledBytes();
  for (std::size_t source = 0; source < sources; ++source) {
    const Live& live = live_[source];
    if (live.count != 0) result.leaks.push_back({source_names[source], live.count, live.bytes});
  }
  StepCounter allocate = allocate_steps_[0];
  StepCounter release = release_steps_[0];
  allocate.add(allocate_steps_[1]);
  release.add(release_steps_[1]);
  result.allocate_steps = allocate.spread();
  result.release_steps = release.spread();
  result.pooled_allocate_steps = allocate_steps_[1].spread();
  result.pooled_release_steps = release_steps_[1].spread();
  result.digest = digestOf(result);
}

std::uint64_t RequestAccount::digestOf(const SoakResult& result) const {
  std::uint64_t hash = result.seed;
  for (const std::uint64_t value : {result.events, result.allocations, result.requests_hash, places_hash_,
                                    result.samples_lost, std::uint64_t{result.largest_free_min},
                                    std::uint64_t{result.held_peak}, result.heap_bytes_from_pooled_classes}) {
    mix(hash, value);
  }
  for (const std::uint64_t count : result.failures) mix(hash, count);
  mix(hash, result.first_failure);
  for (const auto& failure : result.first_failure_by_class) mix(hash, failure);
  for (const Leak& leak : result.leaks) {
    mix(hash, leak.count);
    mix(hash, leak.bytes);
  }
  for (const StepSpread* steps : {&result.allocate_steps, &result.release_steps,
                                  &result.pooled_allocate_steps, &result.pooled_release_steps}) {
    mix(hash, *steps);
  }
  return hash;
}

}  // namespace millpond::lab
