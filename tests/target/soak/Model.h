// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "millpond/MemoryManager.h"
#include "soak/Workload.h"

namespace soak {

enum class Owner : std::uint8_t { nobody, task, interrupt };

/// Where the blocks of a manager's pools lie, and who holds each as far as task and interrupt know: the
/// reference that the manager is compared with.
class Model {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Pool {
    std::byte* base = nullptr;
    std::uint32_t block_size = 0;
    std::uint32_t blocks = 0;
    bool runs = false;
    std::array<Owner, 8> owners{};

    /// How many blocks a request of `size` bytes takes.
    std::uint32_t length(std::uint32_t size) const {
      return runs ? static_cast<std::uint32_t>((size + 511U) >> 9U) : size <= block_size ? 1U : blocks + 1;
    }
    /// The first of the lowest `length` adjacent blocks that nobody holds, or `none`.
    std::uint32_t lowest(std::uint32_t length) const {
      for (std::uint32_t first = 0; first + length <= blocks; ++first) {
        if (isFree(first, length)) return first;
      }
      return none;
    }
    bool isFree(std::uint32_t first, std::uint32_t length) const {
      for (std::uint32_t block = first; block < first + length; ++block) {
        if (owners[block] != Owner::nobody) return false;
      }
      return true;
    }
    void set(std::uint32_t first, std::uint32_t length, Owner owner) {
      for (std::uint32_t block = first; block < first + length; ++block) owners[block] = owner;
    }
    std::byte* address(std::uint32_t block) const { return base + std::size_t{block} * block_size; }
    /// The block that starts at `pointer`, or `none`.
    std::uint32_t at(const void* pointer) const {
      for (std::uint32_t block = 0; block < blocks; ++block) {
        if (address(block) == pointer) return block;
      }
      return none;
    }
  };

  /// Requires: all pools of `memory` are empty, and nobody else uses them meanwhile.
  explicit Model(millpond::MemoryManager& memory) {
    const millpond::MemoryStats stats = memory.stats();
    const auto learn = [&](Kind kind, const millpond::PoolStats& pool, void* first) {
      of(kind) = {static_cast<std::byte*>(first),
                  static_cast<std::uint32_t>(pool.block_size),
                  static_cast<std::uint32_t>(pool.capacity),
                  kind == Kind::general,
                  {}};
      memory.deallocate(first);
    };
    learn(Kind::audio, stats.audio, memory.allocateAudioBuffer(1, "model"));
    learn(Kind::network, stats.network, memory.allocateNetworkBuffer(1, "model"));
    learn(Kind::general, stats.general, memory.allocateGeneralBuffer(1, "model"));
  }

  Pool& of(Kind kind) { return pools_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<Pool, 3> pools_;
};

}  // namespace soak
