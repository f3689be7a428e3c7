// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "cli/device/HeapMeter.h"

namespace millpond::cli {
namespace {

/// Counts the calling thread's calls for as long as it lives.
class Counted {
 public:
  Counted() {
    heap_meter::install();
    heap_meter::countThisThread(true);
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { heap_meter::countThisThread(false); }

  std::uint64_t calls() const { return heap_meter::calls() - before_; }

 private:
  std::uint64_t before_ = heap_meter::calls();
};

// Keeps the compiler from leaving out an allocation whose memory nobody looks at.
void* volatile seen;

TEST(HeapMeter, CountsMallocAndFree) {
  const Counted counted;
  seen = std::malloc(32);
  EXPECT_EQ(counted.calls(), 1U);
  std::free(seen);
  EXPECT_EQ(counted.calls(), 2U);
}

TEST(HeapMeter, CountsEveryWayToTheHeap) {
  const Counted counted;
  seen = std::calloc(2, 16);
  EXPECT_EQ(counted.calls(), 1U);
  seen = std::realloc(seen, 4096);
  EXPECT_GE(counted.calls(), 2U);
  std::free(seen);
}

// The thread sanitizer does not tell its listeners of these.
#if !defined(__SANITIZE_THREAD__)
TEST(HeapMeter, CountsAlignedMemory) {
  const Counted counted;
  seen = std::aligned_alloc(64, 128);
  EXPECT_EQ(counted.calls(), 1U);
  std::free(seen);
  void* memory = nullptr;
  EXPECT_EQ(posix_memalign(&memory, 64, 100), 0);
  EXPECT_EQ(counted.calls(), 3U);
  std::free(memory);
}
#endif

TEST(HeapMeter, CountsNewAndTheContainersOfTheStandardLibrary) {
  const Counted counted;
  const auto number = std::make_unique<int>(1);
  seen = number.get();
  EXPECT_EQ(counted.calls(), 1U);
  const std::string text(1000, 'x');
  EXPECT_EQ(counted.calls(), 2U);
}

TEST(HeapMeter, CountsNothingOfOtherThreads) {
  const Counted counted;
  const std::uint64_t before = counted.calls();
  std::uint64_t after = 0;
  std::thread other([&] {
    seen = std::malloc(32);
    std::free(seen);
    after = counted.calls();
  });
  const std::uint64_t starting = counted.calls();  // a thread's start itself allocates
  other.join();
  EXPECT_GE(starting, before);
  EXPECT_LE(after, starting);
}

TEST(HeapMeter, CountsNothingOnceItIsToldNotTo) {
  std::uint64_t before = 0;
  {
    const Counted counted;
    before = heap_meter::calls();
  }
  seen = std::malloc(32);
  std::free(seen);
  EXPECT_EQ(heap_meter::calls(), before);
}

}  // namespace
}  // namespace millpond::cli
