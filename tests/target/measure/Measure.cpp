// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Prints the instructions that each call takes, over all fill levels of its pool.
#include "board/Board.h"
#include "measure/Cost.h"
#include "measure/Samples.h"
#include "millpond.h"

namespace {

using measure::Cost;
using measure::Samples;
using millpond::BlockPool;
using millpond::Guards;
using millpond::MemoryConfig;
using millpond::MemoryManager;

constexpr std::size_t any_ram = std::size_t{64} * 1024 * 1024;

millpond::StaticMemoryManager<MemoryConfig{.guards = Guards::none}> adr;
millpond::StaticMemoryManager<MemoryConfig{.guards = Guards::light}> light;
millpond::StaticMemoryManager<MemoryConfig{
    .audio_buffer_pool_size = 1024, .guards = Guards::none, .available_ram = any_ram, .total_ram = any_ram}>
    large;
millpond::StaticMemoryManager<MemoryConfig{.audio_block_size = 4000, .guards = Guards::none}> odd;
millpond::StaticBlockPool<4096, 4> pool;
millpond::StaticBlockPool<4000, 4> odd_pool;
millpond::StaticBlockPool<4096, 32> pool32;
millpond::StaticBlockPool<4096, 1024> large_pool;

/// The calls that are measured: those of a `StaticMemoryManager`, which its users' code has inlined, or those
/// of any manager.
template <class Manager>
struct Calls {
  using Allocate = void* (Manager::*)(std::size_t, const char*);
  static constexpr Allocate audio = &Manager::allocateAudioBuffer;
  static constexpr Allocate network = &Manager::allocateNetworkBuffer;
  static constexpr Allocate general = &Manager::allocateGeneralBuffer;
  static constexpr void (Manager::*deallocate)(void*) = &Manager::deallocate;
};

struct Figures {
  Samples allocate;
  Samples free;
  Samples pair;

  void add(const Cost& allocation, const Cost& freeing) {
    allocate.add(allocation.instructions);
    free.add(freeing.instructions);
    pair.add(allocation.instructions + freeing.instructions);
  }
};

// scripts/budgets reads these lines.
void print(const char* kind, const char* name, const Samples& samples) {
  console::print("figure ", kind);
  samples.print(name);
}

/// Effect: at each fill level allocates and frees, counting, and then allocates to reach the next level.
template <class Allocate, class Free>
void overFillLevels(const char* name, std::size_t levels, Allocate allocate, Free free) {
  static Figures figures;
  figures = {};
  static std::array<std::uintptr_t, 1024> held;
  for (std::size_t level = 0; level < levels; ++level) {
    const Cost allocation = allocate();
    figures.add(allocation, free(allocation.value));
    held[level] = allocate().value;
  }
  for (std::size_t level = 0; level < levels; ++level) free(held[level]);
  print("", name, figures.pair);
  print("allocate_", name, figures.allocate);
  print("free_", name, figures.free);
}

template <class Manager>
Cost give(Manager& manager, std::uintptr_t block) {
  return measure::of(Calls<Manager>::deallocate, manager, reinterpret_cast<void*>(block));
}

template <class Manager>
void typed(const char* name, Manager& manager, std::size_t size) {
  const std::size_t levels = manager.stats().audio.capacity;
  overFillLevels(
      name, levels, [&] { return measure::of(Calls<Manager>::audio, manager, size, "measure"); },
      [&](std::uintptr_t block) { return give(manager, block); });
}

void alone(const char* name, BlockPool& blocks) {
  overFillLevels(
      name, blocks.geometry().count(), [&] { return measure::of(&BlockPool::allocate, blocks); },
      [&](std::uintptr_t block) {
        return measure::of(&BlockPool::deallocate, blocks, reinterpret_cast<void*>(block));
      });
}

template <class Pool>
void ofConstantSize(const char* name, Pool& blocks) {
  overFillLevels(
      name, blocks.geometry().count(), [&] { return measure::of(&Pool::allocate, blocks); },
      [&](std::uintptr_t block) {
        return measure::of(&Pool::deallocate, blocks, reinterpret_cast<void*>(block));
      });
}

template <class Manager>
void network(const char* name, Manager& manager) {
  overFillLevels(
      name, 2, [&] { return measure::of(Calls<Manager>::network, manager, std::size_t{20480}, "measure"); },
      [&](std::uintptr_t block) { return give(manager, block); });
}

/// Effect: takes single granules so that those in `held` remain taken. Returns: their blocks, by granule.
std::array<void*, 8> occupy(MemoryManager& manager, std::uint32_t held) {
  std::array<void*, 8> blocks{};
  for (void*& block : blocks) block = manager.allocateGeneralBuffer(512, "held");
  for (std::uint32_t granule = 0; granule < blocks.size(); ++granule) {
    if ((held >> granule & 1U) != 0) continue;
    manager.deallocate(blocks[granule]);
    blocks[granule] = nullptr;
  }
  return blocks;
}

/// Effect: in each state of the pool, of which there are 256, takes and frees a run of each length that fits.
/// The peak is reached before, because taking note of a new one happens as often as there are granules.
template <class Manager>
void general(const char* name, Manager& manager) {
  static Figures figures;
  figures = {};
  manager.deallocate(manager.allocateGeneralBuffer(8 * 512, "peak"));
  for (std::uint32_t held = 0; held < 256; ++held) {
    const std::array<void*, 8> blocks = occupy(manager, held);
    for (std::size_t granules = 1; granules <= 8; ++granules) {
      const std::uint64_t exhausted = manager.stats().general.exhausted;
      const Cost allocation = measure::of(Calls<Manager>::general, manager, granules * 512, "measure");
      const Cost freeing = give(manager, allocation.value);
      if (manager.stats().general.exhausted != exhausted) break;  // the heap served it
      figures.add(allocation, freeing);
    }
    for (void* block : blocks) manager.deallocate(block);
  }
  print("", name, figures.pair);
  print("allocate_", name, figures.allocate);
  print("free_", name, figures.free);
}

void constant(const char* name, std::uint32_t value) {
  Samples one;
  one.add(value);
  print("", name, one);
}

}  // namespace

int board::firmwareMain() {
  constant("calibration", measure::of(thousandNops).instructions);
  typed("typed", adr, 4096);
  typed("typed_part", adr, 4000);
  typed("light", light, 4096);
  typed("light_part", light, 4000);
  typed("typed_odd", odd, 4000);
  typed("typed_1024", large, 4096);
  network("network", adr);
  MemoryManager& any = adr;
  typed("any_typed", any, 4096);
  network("any_network", any);
  general("any_general", any);
  typed("any_light", static_cast<MemoryManager&>(light), 4000);
  alone("pool", pool);
  alone("pool_odd", odd_pool);
  ofConstantSize("static_pool", pool);
  ofConstantSize("static_pool_odd", odd_pool);
  ofConstantSize("static_pool_32", pool32);
  alone("pool_1024", large_pool);
  general("general", adr);
  general("general_light", light);
  constant("overhead", decltype(light)::overheadBytes());
  return 0;
}
