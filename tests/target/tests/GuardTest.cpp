// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace guard_tests {

StaticMemoryManager<MemoryConfig{.guards = Guards::light}> light;
StaticMemoryManager<MemoryConfig{.guards = Guards::full}> full;
StaticMemoryManager<MemoryConfig{.guards = Guards::none}> none;
StaticMemoryManager<MemoryConfig{
    .audio_block_size = 64, .network_block_size = 64, .general_block_size = 64, .guards = Guards::fenced}>
    fenced;

std::byte* audio(MemoryManager& memory, std::size_t size) {
  return static_cast<std::byte*>(memory.allocateAudioBuffer(size, "sloppy"));
}

/// The offset that the last violation was told with.
std::size_t told = 0;
const MemoryObserver observer{.notify =
                                  [](void*, const MemoryEvent& event) {
                                    if (event.kind == MemoryEvent::Kind::guard_violation) told = event.size;
                                  },
                              .context = nullptr};

TEST(Guard, LightSeesAByteBehindTheRequest) {
  light.setObserver(&observer);
  for (const std::size_t size : {1U, 3U, 100U, 4000U, 4095U}) {
    const std::uint64_t before = light.stats().guard_violations;
    std::byte* block = audio(light, size);
    block[size] ^= std::byte{1};
    light.deallocate(block);
    EXPECT_EQ(light.stats().guard_violations, before + 1);
    EXPECT_EQ(told, size);
  }
  light.setObserver(nullptr);
}

TEST(Guard, LightIsContentWithWhatWasAskedFor) {
  const std::uint64_t before = light.stats().guard_violations;
  for (const std::size_t size : {1U, 100U, 4092U, 4096U}) {
    std::byte* block = audio(light, size);
    for (std::size_t at = 0; at < size; ++at) block[at] = std::byte{0x11};
    light.deallocate(block);
  }
  EXPECT_EQ(light.stats().guard_violations, before);
}

TEST(Guard, ValidateFindsItWhileTheBlockIsHeld) {
  std::byte* block = audio(light, 100);
  EXPECT_EQ(light.validate(100), 0U);
  block[101] ^= std::byte{1};
  EXPECT_EQ(light.validate(100), 1U);
  block[101] ^= std::byte{1};
  light.deallocate(block);
}

TEST(Guard, FencedSeesAByteOnEitherSideOfABlockThatTheRequestFills) {
  fenced.setObserver(&observer);
  for (const std::ptrdiff_t offset : {-4, -1, 64, 67}) {
    std::byte* block = audio(fenced, 64);
    std::byte* run = static_cast<std::byte*>(fenced.allocateGeneralBuffer(100, "clean"));
    for (std::size_t at = 0; at < 64; ++at) block[at] = run[at] = std::byte{0x11};
    EXPECT_EQ(fenced.validate(100), 0U);
    block[offset] ^= std::byte{1};
    EXPECT_EQ(fenced.validate(100), 1U);
    EXPECT_EQ(static_cast<std::ptrdiff_t>(told), offset);
    block[offset] ^= std::byte{1};
    fenced.deallocate(block);
    fenced.deallocate(run);
  }
  EXPECT_EQ(fenced.stats().guard_violations, 4U);
  fenced.setObserver(nullptr);
}

TEST(Guard, FullSeesAWriteAfterTheFree) {
  std::byte* block = audio(full, 4096);
  full.deallocate(block);
  block[1234] = std::byte{1};
  const std::uint64_t before = full.stats().guard_violations;
  Buffer all[4];
  for (Buffer& buffer : all) buffer = full.audioBuffer(10, "next");
  EXPECT_EQ(full.stats().guard_violations, before + 1);
}

TEST(Guard, NoneWritesNothingIntoABlock) {
  std::byte* block = audio(none, 4096);
  block[50] = std::byte{0x5A};
  none.deallocate(block);
  EXPECT_TRUE(audio(none, 10) == block);
  EXPECT_TRUE(block[50] == std::byte{0x5A});
  none.deallocate(block);
}

}  // namespace guard_tests
}  // namespace millpond
