// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/Pattern.h"

namespace millpond::test {

/// Effect: runs `work(id)` on that many threads at once, and waits for all.
template <class Work>
void onThreads(unsigned count, Work work) {
  std::atomic<unsigned> ready{0};
  std::vector<std::thread> threads;
  for (unsigned id = 0; id < count; ++id) {
    threads.emplace_back([&, id] {
      ++ready;
      while (ready < count) std::this_thread::yield();
      work(id);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

/// A block with its holder's pattern in every byte: a write by anybody else is found when it ends.
struct Parcel {
  void* block = nullptr;
  std::size_t size = 0;
  std::uint32_t tag = 0;

  void seal() const { fill(bytesOf(block, size), tag); }
  void expectSealed() const {
    ASSERT_TRUE(isIntact(bytesOf(block, size), tag)) << "two owners wrote into it";
  }
};

/// Places where a thread leaves a parcel and takes what another left there. The parcels themselves lie in
/// tables of the threads, so nothing but the one pointer passes from thread to thread.
class Mailboxes {
 public:
  Parcel* exchange(std::size_t box, Parcel* parcel) {
    return boxes_[box % boxes_.size()].exchange(parcel, std::memory_order_acq_rel);
  }
  std::size_t size() const { return boxes_.size(); }

 private:
  std::vector<std::atomic<Parcel*>> boxes_ = std::vector<std::atomic<Parcel*>>(8);
};

}  // namespace millpond::test
