// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <random>
#include <utility>

#include "support/ManagerFixture.h"

namespace millpond {
namespace {

template <std::size_t blocks>
using Audio = StaticMemoryManager<MemoryConfig{
    .audio_buffer_pool_size = blocks, .network_buffer_pool_size = 0, .general_buffer_pool_size = 0}>;

// The same requests for each seed, whatever the pool has.
std::uint32_t refusedBy(std::uint32_t seed, MemoryManager& memory) {
  std::mt19937 random(seed);
  std::array<void*, 8> held{};
  for (int step = 0; step < 2000; ++step) {
    void*& block = held[random() % held.size()];
    if (block != nullptr) {
      memory.deallocate(block);
      block = nullptr;
    } else {
      block = memory.allocateAudioBuffer(100, "source");
    }
  }
  for (void* block : held) memory.deallocate(block);
  return memory.stats().audio.exhausted;
}

template <std::size_t... blocks>
void expectAsReplayed(std::uint32_t seed, std::index_sequence<blocks...>) {
  Audio<6> six;
  refusedBy(seed, six);
  const auto expectSame = [&]<std::size_t fewer>(std::integral_constant<std::size_t, fewer>) {
    Audio<fewer> memory;
    EXPECT_EQ(six.whatIf(PoolId::audio, fewer).refused, refusedBy(seed, memory))
        << fewer << " blocks, seed " << seed;
  };
  (expectSame(std::integral_constant<std::size_t, blocks + 1>()), ...);
  EXPECT_EQ(six.whatIf(PoolId::audio, 6).basis, WhatIf::Basis::exact);
}

TEST(WhatIfTest, EqualsWhatAPoolOfFewerBlocksRefuses) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) expectAsReplayed(seed, std::make_index_sequence<6>());
}

TEST(WhatIfTest, WithNoBlocksIsEveryRequest) {
  Audio<6> memory;
  refusedBy(7, memory);
  const PoolStats audio = memory.stats().audio;
  EXPECT_EQ(memory.whatIf(PoolId::audio, 0).refused, audio.allocations + audio.exhausted);
}

template <MemoryConfig config>
WhatIf::Basis basisOf(PoolId pool) {
  const StaticMemoryManager<config> memory;
  return memory.whatIf(pool, 1).basis;
}

TEST(WhatIfTest, SaysWhyItDoesNotHold) {
  EXPECT_EQ(basisOf<MemoryConfig{}>(PoolId::general), WhatIf::Basis::runs);
  EXPECT_EQ(basisOf<MemoryConfig{.audio_reserve = 1}>(PoolId::audio), WhatIf::Basis::reserve);
  EXPECT_EQ((basisOf<MemoryConfig{.guards = Guards::full}>(PoolId::audio)), WhatIf::Basis::quarantine);
  EXPECT_EQ((basisOf<MemoryConfig{.audio_buffer_pool_size = 33, .audio_block_size = 64}>(PoolId::audio)),
            WhatIf::Basis::many_blocks);
  EXPECT_EQ(basisOf<MemoryConfig{}>(poolIdOf(5)), WhatIf::Basis::no_pool);
}

}  // namespace
}  // namespace millpond
