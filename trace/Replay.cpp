// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/Replay.h"

#include <memory>
#include <unordered_map>

#include "lab/policies/PoolSet.h"

namespace millpond::trace {

namespace {

/// The library with the file's pools, and what the trace's blocks are in it.
class Player {
 public:
  Player(const TraceReader& trace, const lab::PoolFile& file)
      : file_(file),
        arena_(file.config().arenaBytes() / sizeof(std::max_align_t) + 1),
        set_(file.config(), reinterpret_cast<std::byte*>(arena_.data()), platform_heap) {
    for (const TracePool& pool : trace.pools()) classes_.push_back({.name = pool.name});
  }
  ~Player() {
    for (const auto& [block, memory] : held_) set_.deallocate(memory);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void play(const TraceEvent& event) {
    if (event.kind == TraceEvent::Kind::allocation) {
      if (void* memory = allocate(event)) held_[event.block] = memory;
    } else if (event.kind == TraceEvent::Kind::refused) {
      set_.deallocate(allocate(event));
    } else if (event.kind == TraceEvent::Kind::free) {
      const auto held = held_.find(event.block);
      if (held == held_.end()) return;
      set_.deallocate(held->second);
      held_.erase(held);
    }
  }

  Replayed outcome() const {
    Replayed replayed;
    replayed.fallback_bytes = fallback_bytes_;
    replayed.fallback_peak = set_.stats().heap.peak;
    for (const ReplayedClass& one : classes_)
      if (one.requests != 0) replayed.classes.push_back(one);
    return replayed;
  }

 private:
  // A class without a pool is left to the heap of the device, which is not replayed.
  void* allocate(const TraceEvent& event) {
    ReplayedClass& of = classes_[event.pool];
    const PoolId pool = event.size == 0 ? PoolId::none : file_.poolFor(of.name, event.size);
    if (pool == PoolId::none) return nullptr;
    ++of.requests;
    void* memory = set_.allocate(pool, event.size, "replay");
    const bool pooled = memory != nullptr && set_.poolOf(memory) != PoolId::heap;
    if (pooled) return memory;
    ++of.exhausted;
    of.refused += memory == nullptr ? 1 : 0;
    fallback_bytes_ += memory != nullptr ? event.size : 0;
    return memory;
  }

  const lab::PoolFile& file_;
  std::vector<std::max_align_t> arena_;
  lab::PoolSet set_;
  std::vector<ReplayedClass> classes_;
  std::unordered_map<std::uint32_t, void*> held_;
  std::uint64_t fallback_bytes_ = 0;
};

}  // namespace

Replayed replay(TraceReader& trace, const lab::PoolFile& file) {
  Player player(trace, file);
  trace.forEach([&](const TraceEvent& event) { player.play(event); });
  Replayed replayed = player.outcome();
  replayed.events = trace.totals().events;
  return replayed;
}

}  // namespace millpond::trace
