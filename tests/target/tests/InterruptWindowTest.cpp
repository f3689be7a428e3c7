// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// An interrupt that allocates and frees, at each instruction of each operation in turn.
#include "Test.h"
#include "board/Board.h"
#include "millpond/MemoryManager.h"

namespace millpond {

namespace interrupt_window_tests {

StaticMemoryManager<MemoryConfig{.audio_buffer_pool_size = 3, .general_buffer_pool_size = 12}> memory;

constexpr unsigned longest_operation = 100'000;

volatile bool happened = false;
volatile bool operating = false;
volatile bool came_in_time = false;
void* of_interrupt[3];

/// What the interrupt does: it takes one of each kind and gives the last one's back.
void disturb() {
  void* const before[] = {of_interrupt[0], of_interrupt[1], of_interrupt[2]};
  of_interrupt[0] = memory.allocateAudioBuffer(4000, "interrupt");
  of_interrupt[1] = memory.allocateNetworkBuffer(20000, "interrupt");
  of_interrupt[2] = memory.allocateGeneralBuffer(1000, "interrupt");
  for (void* block : before) memory.deallocate(block);
  came_in_time = operating;
  happened = true;
}

void settle() {
  board::stopTimer();
  board::setTimerHandler(nullptr);
  for (void*& block : of_interrupt) {
    memory.deallocate(block);
    block = nullptr;
  }
}

bool isEmpty() {
  const MemoryStats stats = memory.stats();
  bool empty = true;
  for (const PoolStats* pool : {&stats.audio, &stats.network, &stats.general, &stats.heap}) {
    empty = empty && pool->in_use == 0 && pool->allocations == pool->frees;
  }
  return empty;
}

/// Effect: does `operate` with an interrupt at each instruction in turn, or at each `stride`-th, until one
/// comes after its end.
template <class Operate>
void atEveryInstruction(Operate operate, unsigned stride = 1) {
  unsigned delay = 0;
  do {
    happened = false;
    board::setTimerHandler(disturb);
    operating = true;
    board::interruptAfter(delay);
    operate();
    operating = false;
    while (!happened) {
    }
    settle();
    EXPECT_TRUE(isEmpty());
    EXPECT_EQ(memory.stats().audio.rejected, 0U);
    EXPECT_EQ(memory.stats().heap.rejected, 0U);
    delay += stride;
  } while (came_in_time && delay < longest_operation);
  EXPECT_LT(delay, longest_operation);
  EXPECT_GT(delay, 50U);
}

bool overlapsInterrupts(const void* block) {
  for (const void* other : of_interrupt) {
    if (block != nullptr && block == other) return true;
  }
  return false;
}

/// Two of a kind, so that they take turns with the interrupt's; `allocate` by size.
template <class Allocate>
void pairs(Allocate allocate, unsigned stride = 1) {
  atEveryInstruction(
      [allocate] {
        void* first = allocate();
        EXPECT_TRUE(first != nullptr);
        EXPECT_FALSE(overlapsInterrupts(first));
        void* second = allocate();
        EXPECT_FALSE(second != nullptr && second == first);
        EXPECT_FALSE(overlapsInterrupts(second));
        memory.deallocate(first);
        memory.deallocate(second);
      },
      stride);
}

TEST(InterruptWindow, AudioBuffers) {
  pairs([] { return memory.allocateAudioBuffer(4096, "task"); });
}

TEST(InterruptWindow, NetworkBuffers) {
  pairs([] { return memory.allocateNetworkBuffer(19200, "task"); });
}

TEST(InterruptWindow, GeneralBuffers) {
  pairs([] { return memory.allocateGeneralBuffer(700, "task"); });
}

TEST(InterruptWindow, HeapFallback) {
  // The C library's heap takes thousands of instructions; 97 is prime, so the phases differ.
  pairs([] { return memory.allocateGeneralBuffer(7000, "task"); }, 97);
}

TEST(InterruptWindow, Handles) {
  atEveryInstruction([] {
    Buffer buffer = memory.audioBuffer(4096, "task");
    EXPECT_FALSE(overlapsInterrupts(buffer.data()));
  });
}

}  // namespace interrupt_window_tests
}  // namespace millpond
