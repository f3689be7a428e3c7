// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <mbedtls/platform.h>

#include <cstdlib>

#include "bench/tls/DeviceMemory.h"

namespace millpond::tls {
namespace {

// The objects beside TLS: one for so many of TLS's requests, and so many at a time, of up to 600 bytes.
constexpr std::uint64_t requests_per_other = 64;
constexpr std::size_t others_held = 16;
constexpr std::size_t largest_other = 600;

// Calls that took longer were interrupted; they are left out.
constexpr std::chrono::microseconds longest_call{20};

template <class Call>
auto timed(Meter::Timing& timing, Call call) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = call();
  const auto taken = std::chrono::steady_clock::now() - start;
  if (taken < longest_call) {
    timing.sum += taken;
    ++timing.calls;
  }
  return result;
}

}  // namespace

Meter* Meter::paying = nullptr;

Meter::Meter(DeviceMemory& memory) : memory_(memory) {
  mbedtls_platform_set_calloc_free(callocHook, freeHook);
}

Meter::~Meter() {
  endOthers();
  mbedtls_platform_set_calloc_free(std::calloc, std::free);
}

void* Meter::callocHook(std::size_t count, std::size_t size) {
  return paying != nullptr ? paying->allocate(count, size) : std::calloc(count, size);
}

void Meter::freeHook(void* pointer) {
  if (paying != nullptr) {
    paying->release(pointer);
  } else {
    std::free(pointer);
  }
}

void* Meter::allocate(std::size_t count, std::size_t size) {
  if (++allocations % requests_per_other == 0) makeOther();
  void* const block =
      allocations == fail_at_ ? nullptr : timed(timing, [&] { return memory_.calloc(count, size); });
  if (block == nullptr) {
    ++refused;
    return nullptr;
  }
  sizes_[block] = count * size;
  held_bytes += count * size;
  if (peak_bytes < held_bytes) peak_bytes = held_bytes;
  return block;
}

void Meter::release(void* pointer) {
  if (pointer == nullptr) return;
  ++frees;
  const auto found = sizes_.find(pointer);
  if (found != sizes_.end()) {
    held_bytes -= found->second;
    sizes_.erase(found);
  }
  timed(timing, [&] {
    memory_.free(pointer);
    return 0;
  });
}

void Meter::makeOther() {
  random_ = random_ * 6364136223846793005U + 1442695040888963407U;
  void* const object = memory_.other(16 + (random_ >> 33U) % (largest_other - 15));
  if (object == nullptr) {
    ++refused;
  } else {
    others_.push_back(object);
  }
  if (others_.size() <= others_held) return;
  memory_.free(others_.front());
  others_.pop_front();
}

void Meter::renewOthers() {
  for (std::size_t object = 0; object < others_held / 4; ++object) makeOther();
}

void Meter::endOthers() {
  for (void* const object : others_) memory_.free(object);
  others_.clear();
}

}  // namespace millpond::tls
