// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "millpond/MemoryConfig.h"

namespace millpond::test {

/// What a caller may do, rightly or wrongly.
enum class Action : std::uint8_t {
  allocate,
  free_held,
  free_all,
  free_again,       // a pointer that was freed before
  free_interior,    // somewhere inside a held block
  free_misaligned,  // a byte or so beside a held block's start
  free_other,       // anywhere in the memory of the pools
  free_outside,     // just before or just past the pools, on the stack, or nonsense
  free_null,
  pass_time,
  toggle_heap,  // the heap behind has no memory, or has some again
};

struct Request {
  Action action = Action::allocate;
  PoolId pool = PoolId::audio;
  std::size_t size = 0;
  /// Chooses among what the action applies to, modulo how many there are.
  std::uint32_t pick = 0;
  const char* source = nullptr;
  bool in_interrupt = false;
};

/// Makes any 64-bit number into a request, so that a random generator, a property test's shrinker and a
/// fuzzer's bytes all drive the same requests.
class RequestDecoder {
 public:
  constexpr explicit RequestDecoder(const MemoryConfig& config) : config_(config) {}

  constexpr Request decode(std::uint64_t word) const {
    const auto take = [&word](unsigned bits) {
      const auto field = static_cast<std::uint32_t>(word & ((std::uint64_t{1} << bits) - 1));
      word >>= bits;
      return field;
    };
    Request request;
    request.action = actionOf(take(8));
    request.pool = poolIdOf(take(4) % config_.poolCount());
    request.in_interrupt = take(4) == 15;
    request.source = sources[take(3)];
    const std::uint32_t shape = take(5);
    request.pick = take(16);
    request.size = sizeOf(request.pool, shape, take(24));
    return request;
  }

  /// Some that read alike lie at different addresses, and one is none.
  static constexpr char capture_twin[] = "capture";
  static constexpr std::array<const char*, 8> sources{"capture", "uplink", "tls",  "json",
                                                      "log",     nullptr,  "mdns", capture_twin};

 private:
  static constexpr Action actionOf(std::uint32_t chance) {
    if (chance < 112) return Action::allocate;
    if (chance < 208) return Action::free_held;
    if (chance < 210) return Action::free_all;
    if (chance < 220) return Action::free_again;
    if (chance < 228) return Action::free_interior;
    if (chance < 234) return Action::free_misaligned;
    if (chance < 240) return Action::free_other;
    if (chance < 246) return Action::free_outside;
    if (chance < 248) return Action::free_null;
    if (chance < 253) return Action::pass_time;
    return Action::toggle_heap;
  }

  constexpr std::size_t sizeOf(PoolId pool, std::uint32_t shape, std::uint32_t raw) const {
    const PoolSpec spec = config_.pools()[static_cast<std::size_t>(pool)];
    constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();
    switch (shape) {
      case 0:
        return 0;
      case 1:
        return huge - raw % 64;
      case 2:
        return spec.block_size;
      case 3:
        return spec.block_size + 1;
      case 4:
        return spec.bytes() + raw % 3;
      case 5:
        return config_.max_heap_allocation + raw % 3 - 1;
      case 6:
        return std::size_t{raw} << 12U;
      case 7:
      case 8:
        return raw % (config_.max_heap_allocation / 2 + 1);
      case 9:
      case 10:
      case 11:
        return raw % (spec.block_size * 4);
      default:
        return raw % spec.block_size + 1;
    }
  }

  MemoryConfig config_;
};

/// An endless, repeatable sequence of requests: the same for the same seed.
class RequestGenerator {
 public:
  RequestGenerator(const MemoryConfig& config, std::uint64_t seed) : decoder_(config), state_(seed) {}

  Request next() { return decoder_.decode(nextWord()); }

  /// SplitMix64.
  std::uint64_t nextWord() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }

 private:
  RequestDecoder decoder_;
  std::uint64_t state_;
};

}  // namespace millpond::test
