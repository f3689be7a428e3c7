// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <vector>

#include "Affinity.h"
#include "Allocator.h"
#include "Ring.h"

namespace millpond::bench {

/// Every user of a block writes to it, so that a block which is cold when handed out costs what it costs.
inline void touch(void* block) { *static_cast<volatile unsigned char*>(block) = 1; }
inline void look(void* block) { benchmark::DoNotOptimize(*static_cast<volatile unsigned char*>(block)); }

/// Effect: what each thread does before its first iteration.
template <class Allocator>
void prepare(const benchmark::State& state) {
  pinTo(state.thread_index());
  Allocator::prepare(state.thread_index());
}

/// Effect: what each thread does after its last.
template <class Allocator>
void finish(benchmark::State& state) {
  if (state.thread_index() == 0 && !Allocator::clean()) state.SkipWithError("the allocator was misused");
}

/// One block taken and given back at once, while the caller holds `held` others. An item is a pair.
template <class Allocator>
void pair(benchmark::State& state, std::size_t size, std::size_t held) {
  prepare<Allocator>(state);
  std::vector<void*> others(held);
  for (void*& other : others) other = Allocator::allocate(size);
  for (auto _ : state) {
    void* block = Allocator::allocate(size);
    touch(block);
    benchmark::DoNotOptimize(block);
    Allocator::deallocate(block);
  }
  for (void* other : others) Allocator::deallocate(other);
  state.SetItemsProcessed(state.iterations());
  finish<Allocator>(state);
}

/// As `pair`, with sizes of 1 to 8 granules in a scattered order.
template <class Allocator>
void mixedPair(benchmark::State& state, std::size_t granule) {
  prepare<Allocator>(state);
  constexpr std::array<std::size_t, 8> granules{3, 8, 1, 6, 2, 7, 5, 4};
  std::size_t turn = 0;
  for (auto _ : state) {
    void* block = Allocator::allocate(granules[turn++ % granules.size()] * granule);
    touch(block);
    benchmark::DoNotOptimize(block);
    Allocator::deallocate(block);
  }
  state.SetItemsProcessed(state.iterations());
  finish<Allocator>(state);
}

/// One thread takes blocks and sends them through a ring to the other, which gives them back. With the one
/// in each thread's hand at most `blocks` are out at once. An item is a block.
template <class Allocator, std::size_t blocks>
void handOver(benchmark::State& state) {
  static Ring ring(blocks - 2);
  prepare<Allocator>(state);
  if (state.thread_index() == 0) {
    for (auto _ : state) {
      void* block = Allocator::allocate(block_bytes);
      touch(block);
      while (!ring.push(block)) spinPause();
    }
    state.SetItemsProcessed(state.iterations());
  } else {
    for (auto _ : state) {
      void* block = ring.pop();
      for (; block == nullptr; block = ring.pop()) spinPause();
      look(block);
      Allocator::deallocate(block);
    }
  }
  finish<Allocator>(state);
}

}  // namespace millpond::bench
