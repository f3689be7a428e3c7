// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "millpond/account/HeapFallback.h"
#include "property/Operations.h"
#include "support/Scale.h"
#include "support/TestHeap.h"

namespace millpond {
namespace heap_fallback_property {

/// A fallback of any number of records, beside a map of what is outstanding.
class World {
 public:
  template <class Call>
  static auto interrupted(Call call) {
    const Port::InterruptScope in_interrupt;
    return call();
  }

  static constexpr std::uint32_t limit = 4096;

  explicit World(std::uint32_t records)
      : records_(records), setup_{records, limit, 8}, fallback_(heap_.heap(), setup_, table_.data()) {}
  ~World() {
    for (const auto& [block, size] : held_) fallback_.deallocate(block);
    fallback_.releaseFreed();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void allocate(std::size_t size, bool in_interrupt) {
    if (!in_interrupt) giveFreedBack();
    const bool served =
        !in_interrupt && !heap_is_empty_ && size <= limit - in_use_ && held_.size() < records_;
    void* block = in_interrupt ? interrupted([&] { return fallback_.allocate(size, "source"); })
                               : fallback_.allocate(size, "source");
    RC_ASSERT((block != nullptr) == served);
    if (!served) {
      ++refused_;
      return;
    }
    RC_ASSERT(held_.emplace(block, size).second);
    in_use_ += size;
    peak_ = std::max(peak_, in_use_);
  }

  void free(void* pointer, bool in_interrupt = false) {
    const auto block = held_.find(pointer);
    const bool freed = block != held_.end();
    RC_ASSERT((in_interrupt ? interrupted([&] { return fallback_.deallocate(pointer); })
                            : fallback_.deallocate(pointer)) == freed);
    if (!freed) return;
    stale_[stale_count_++ % stale_.size()] = pointer;
    freed_.push_back(block->second);
    held_.erase(block);
    if (!in_interrupt) giveFreedBack();
  }

  void* heldOr(std::size_t pick) {
    return held_.empty() ? nullptr
                         : std::next(held_.begin(), static_cast<std::ptrdiff_t>(pick % held_.size()))->first;
  }
  void* stale(std::size_t pick) { return stale_[pick % stale_.size()]; }
  void toggleHeap() { heap_.setEmpty(heap_is_empty_ = !heap_is_empty_); }

  void expectSameAsModel() {
    RC_ASSERT(fallback_.inUse() == in_use_);
    RC_ASSERT(fallback_.peak() == peak_);
    RC_ASSERT(fallback_.blocks() == held_.size() + freed_.size());
    RC_ASSERT(fallback_.refused() == refused_);
    RC_ASSERT(heap_.outstanding() == held_.size() + freed_.size());
    std::size_t listed = 0;
    for (std::uint32_t record = 0; record < records_; ++record) {
      const auto block = held_.find(fallback_.at(record).address.load());
      if (block == held_.end()) continue;
      ++listed;
      RC_ASSERT(fallback_.at(record).holding.size() == block->second);
    }
    RC_ASSERT(listed == held_.size());
  }

 private:
  void giveFreedBack() {
    for (const std::size_t size : freed_) in_use_ -= size;
    freed_.clear();
  }

  test::TestHeap heap_;
  std::array<HeapFallback::Record, HeapFallback::max_records> table_;
  std::uint32_t records_;
  HeapFallback::Setup setup_;
  HeapFallback fallback_;
  std::map<void*, std::size_t> held_;
  std::vector<std::size_t> freed_;  // sizes of what interrupts freed and nobody gave back yet
  std::array<void*, 8> stale_{};
  std::size_t stale_count_ = 0;
  std::size_t in_use_ = 0;
  std::size_t peak_ = 0;
  std::size_t refused_ = 0;
  bool heap_is_empty_ = false;
};

RC_GTEST_PROP(HeapFallbackProperty, DoesWhatAMapOfBlocksDoes, ()) {
  World world(*rc::gen::inRange(1U, 33U));
  for (const std::uint64_t word : test::arbitraryWords(test::scaled(3000))) {
    const std::uint64_t chance = word & 0xFF;
    const bool in_interrupt = (word >> 8U & 15U) == 15;
    const auto pick = static_cast<std::size_t>(word >> 16U & 0xFFFF);
    if (chance < 110) {
      world.allocate(pick % 600 + 1, in_interrupt);
    } else if (chance < 120) {
      world.allocate((word >> 12U & 15U) < 8 ? World::limit - pick % 3 : SIZE_MAX - pick, in_interrupt);
    } else if (chance < 210) {
      world.free(world.heldOr(pick), in_interrupt);
    } else if (chance < 230) {
      world.free(world.stale(pick));
    } else if (chance < 245) {
      world.free(static_cast<std::byte*>(world.heldOr(pick)) + 1);
    } else if (chance < 250) {
      world.free(&world);
    } else {
      world.toggleHeap();
    }
    world.expectSameAsModel();
    ++test::operations_done;
  }
}

}  // namespace heap_fallback_property
}  // namespace millpond
