// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What an interrupt may call and has no section of its own, because it is a template: the pools by
// themselves, and an event's publication.
#include "millpond/BlockPool.h"
#include "millpond/EventBus.h"
#include "millpond/RunPool.h"

namespace {

using namespace millpond;

StaticBlockPool<64, 4> few;
StaticBlockPool<48, 7> odd;
StaticBlockPool<16, 40> many;
StaticRunPool<64, 8> runs;
StaticRunPool<16, 40> many_runs;

/// Effect: a block and then all else that can be had, and all of it back; and frees that are refused. Twice,
/// so that the compiler has to see whether it inlines. Returns: how many calls did what they should.
template <class Pool, class... Size>
[[gnu::always_inline]] inline std::uint32_t use(Pool& pool, Size... size) {
  std::uint32_t right = 0;
  void* first = pool.allocate(size...);
  void* second = pool.allocate(size...);
  right += first != nullptr && second != nullptr && first != second;
  right += pool.deallocate(static_cast<std::byte*>(first) + 1) ? 0 : 1;
  right += pool.deallocate(first) ? 1 : 0;
  right += pool.deallocate(first) ? 0 : 1;
  right += pool.allocate(size...) == first;
  right += pool.deallocate(second) ? 1 : 0;
  right += pool.deallocate(first) ? 1 : 0;
  right += pool.inUse() == 0;
  return right;
}

}  // namespace

/// Returns: 56 where all is right.
extern "C" MILLPOND_HOT [[gnu::noinline]] std::uint32_t usePools() {
  BlockPool& any_few = few;
  BlockPool& any_many = many;
  return use(few) + use(odd) + use(many) + use(any_few) + use(any_many) + use(runs, 100U) +
         use(many_runs, 100U);
}

/// Twice of each kind, for the same reason.
extern "C" MILLPOND_HOT [[gnu::noinline]] bool usePublish(EventBus& bus) {
  constexpr EventId event = eventId(7, EventPriority::normal);
  struct Large {
    std::uint32_t words[20];
  };
  static Large large;
  const bool small = bus.publish(event, 1U) && bus.publish(event, 2U);
  return small && bus.publish(event, large) && bus.publish(event, large);
}
