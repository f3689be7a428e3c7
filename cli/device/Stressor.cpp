// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/Stressor.h"

#include <algorithm>

namespace millpond::cli {

namespace {
constexpr std::size_t bite = 8192;
constexpr double first_bite = 0.05;
constexpr double last_growth = 0.40;
constexpr double give_back = 0.55;
}  // namespace

Stressor::Stressor(lab::LockedHeap& heap, std::chrono::duration<double> time) : heap_(heap), time_(time) {
  // Reserves the maximum before the thread starts: nothing would catch a failure on the thread.
  eaten_.reserve(2 * (heap.freeBytes() / bite + 1) + 1);
  thread_ = std::thread([this] { run(); });
}

Stressor::~Stressor() {
  stopped_ = true;
  thread_.join();
  while (!eaten_.empty()) giveBackLast();
}

void Stressor::run() {
  // It continues after the heap was empty, because the device releases memory to it.
  const std::size_t bites = heap_.freeBytes() / bite + 1;
  const double step = (last_growth - first_bite) / static_cast<double>(bites);
  const auto last_bite = static_cast<std::size_t>((give_back - first_bite) / step);
  for (std::size_t taken = 0; taken <= last_bite; ++taken) {
    if (!sleepUntil(first_bite + step * static_cast<double>(taken))) return;
    eat();
  }
  for (int quarter = 1; quarter <= 4; ++quarter) {
    if (!sleepUntil(give_back + 0.01 * quarter)) return;
    const std::size_t keep = quarter == 4 ? 0 : eaten_.size() * 3 / 4;
    while (eaten_.size() > keep) giveBackLast();
  }
}

// Also takes what is released to the heap meanwhile, one bite at a time.
void Stressor::eat() {
  const std::size_t bytes = std::min(bite, heap_.largestFreeBlock());
  if (eaten_.size() == eaten_.capacity()) return;
  void* block = heap_.allocate(bytes);
  if (block == nullptr) return;
  eaten_.push_back({block, bytes});
  held_ += bytes;
}

void Stressor::giveBackLast() {
  heap_.release(eaten_.back().block);
  held_ -= eaten_.back().bytes;
  eaten_.pop_back();
}

bool Stressor::sleepUntil(double share) {
  const auto until = start_ + std::chrono::duration_cast<Clock::duration>(time_ * share);
  while (!stopped_ && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return !stopped_;
}

}  // namespace millpond::cli
