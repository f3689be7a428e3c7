// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What an interrupt may run, in an interrupt, while the memory protection unit forbids every access to flash:
// a call or a constant that is not in RAM ends in a fault. Cortex-M3.
#include "board/Board.h"
#include "board/Console.h"
#include "board/Registers.h"
#include "millpond/EventBus.h"

extern "C" std::uint32_t usePools();
extern "C" std::uint32_t useManager();
extern "C" std::uint32_t useAnyManager(millpond::MemoryManager& manager);

namespace {

using namespace millpond;

StaticMemoryManager<MemoryConfig{.guards = Guards::none}> none;
StaticMemoryManager<MemoryConfig{.guards = Guards::light, .audio_reserve = 1}> light;

/// The protection unit of ARMv7-M. Its first region is all of flash: 4 MiB from 0, no access, no execution.
struct Fence {
  [[gnu::always_inline]] Fence() {
    board::word(0xE000ED98) = 0;
    board::word(0xE000ED9C) = 0;
    board::word(0xE000EDA0) = 1U << 28U | 21U << 1U | 1U;
    board::word(0xE000ED94) = 5;  // on, with the default map for everything else
    asm volatile("dsb\n\tisb" ::: "memory");
  }
  [[gnu::always_inline]] ~Fence() {
    asm volatile("dsb" ::: "memory");
    board::word(0xE000ED94) = 0;
    asm volatile("dsb\n\tisb" ::: "memory");
  }
};

volatile bool trespass = false;
volatile std::uint32_t served = 0;
volatile std::uint32_t by_pools = 0;
volatile std::uint32_t by_managers = 0;
volatile bool done = false;
constexpr std::uint32_t in_flash[] = {7, 8, 9};
[[gnu::section(".dram.tag")]] char tag[] = "interrupt";

/// More than there is of each, then all of it back, twice.
MILLPOND_HOT [[gnu::noinline]] void useAll(MemoryManager& memory) {
  void* blocks[16];
  std::uint32_t count = 0;
  for (std::uint32_t request = 0; request < 5; ++request) {
    blocks[count++] = memory.allocateAudioBuffer(4000, tag);
    blocks[count++] = memory.allocateNetworkBuffer(20480, tag);
    blocks[count++] = memory.allocateGeneralBuffer(700, tag);
  }
  blocks[count++] = memory.allocateGeneralBuffer(0, tag);
  for (void* block : blocks) served = served + (block != nullptr);
  for (void* block : blocks) memory.deallocate(block);
  for (void* block : blocks) memory.deallocate(block);
  memory.deallocate(&memory);
}

MILLPOND_HOT [[gnu::noinline]] void fenced() {
  const Fence fence;
  if (trespass) served = in_flash[served & 1U];
  useAll(none);
  useAll(light);
  by_pools = usePools();
  by_managers = useManager() + useAnyManager(none);
}

}  // namespace

int board::firmwareMain() {
  board::setTimerHandler([] {
    fenced();
    done = true;
  });
  board::interruptAfter(100);
  while (!done) {
  }
  const bool right = by_pools == 56 && by_managers == 42 + 15 && served == 2 * (4 + 2 + 4) &&
                     none.stats().audio.rejected == 5 && light.stats().audio.in_use == 0;
  console::print("fenced: ", served, " blocks served in an interrupt without flash, ",
                 right ? "right" : "wrong", "\n");
  // And the fence is one: a constant in flash, which must fault, so the run's end is a failure.
  trespass = true;
  done = false;
  if (right) board::interruptAfter(100);
  while (!done && right) {
  }
  console::print("the fence has a hole\n");
  return 0;
}
