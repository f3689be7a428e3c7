// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// What an interrupt may call and has no section of its own, because it is a template: the pools by
// themselves, an event's publication, a manager's calls where an application makes them, and handles.
#include "millpond/BlockPool.h"
#include "millpond/EventBus.h"
#include "millpond/HeapWatch.h"
#include "millpond/RunPool.h"
#include "millpond/StaticBuffer.h"

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

constexpr MemoryConfig plain{.guards = Guards::none};
constexpr MemoryConfig further{
    .general_buffer_pool_size = 0,
    .more = {{{.name = "many", .blocks = 40, .block_size = 16},
              {.name = "runs", .kind = PoolKind::runs, .blocks = 16, .block_size = 64},
              {.name = "kept", .blocks = 4, .block_size = 64, .reserve = 2}}},
    .guards = Guards::light};
StaticMemoryManager<plain> plain_manager;
StaticMemoryManager<further> further_manager;
StaticBuffer<std::uint32_t, 4> samples(further_manager, "i2s");
MILLPOND_HOT_DATA constexpr char tag[] = "interrupt";

/// Effect: from each pool a block, and it back, twice. Returns: how many calls did what they should.
template <class Manager>
[[gnu::always_inline]] inline std::uint32_t exchange(Manager& manager, PoolId id, std::size_t size) {
  void* const first = manager.allocate(id, size, tag);
  void* const only = manager.allocatePoolOnly(id, size, tag);
  std::uint32_t right = manager.owns(first) && manager.usableSize(only) >= size ? 1 : 0;
  right += manager.tryDeallocate(first) ? 1 : 0;
  right += manager.tryDeallocate(first) ? 0 : 1;
  manager.deallocate(only);
  {
    Buffer buffer = manager.buffer(id, size, tag);
    Buffer moved = static_cast<Buffer&&>(buffer);
    const SharedBuffer one(static_cast<Buffer&&>(moved));
    const SharedBuffer two = one;
    right += two ? 1 : 0;
  }
  return right;
}

/// Requires: no block is held. Returns: how many figures are right, of 4.
template <class Manager>
[[gnu::always_inline]] inline std::uint32_t report(Manager& manager, PoolId id) {
  const MemoryStats stats = manager.stats();
  const PoolStats& pool = stats.pool(id);
  std::uint32_t right = pool.allocations != 0 && pool.allocations == pool.frees ? 1 : 0;
  right += pool.name != stats.heap.name && stats.heap.capacity != 0 ? 1 : 0;
  right += manager.freeIn(id) == pool.capacity && manager.waitingFor(id) == 0 ? 1 : 0;
  right += manager.maxRequest(id) >= pool.block_size ? 1 : 0;
  return right;
}

template <class Manager>
[[gnu::always_inline]] inline std::uint32_t useAdrs(Manager& manager) {
  void* const blocks[] = {manager.allocateAudioBuffer(4096, tag), manager.allocateNetworkBuffer(100, tag),
                          manager.allocateGeneralBuffer(700, tag)};
  std::uint32_t right = 0;
  for (void* block : blocks) right += manager.tryDeallocate(block) ? 1 : 0;
  return right;
}

}  // namespace

/// Returns: 42 if all is right; an interrupt has no fallback.
extern "C" MILLPOND_HOT [[gnu::noinline]] std::uint32_t useManager() {
  std::uint32_t right = useAdrs(plain_manager) + useAdrs(further_manager);
  right += exchange(plain_manager, PoolId::audio, 4000) + exchange(plain_manager, PoolId::general, 700);
  right += exchange(further_manager, PoolId::audio, 4000);
  right += exchange(further_manager, further.id("many"), 16);
  right += exchange(further_manager, further.id("runs"), 100);
  right += exchange(further_manager, further.id("kept"), 60);
  samples[1] = *samples.data() + right;
  return right + report(plain_manager, PoolId::network) + report(plain_manager, PoolId::general) +
         report(further_manager, further.id("runs"));
}

/// The same through a reference. Returns: 15 if all is right.
extern "C" MILLPOND_HOT [[gnu::noinline]] std::uint32_t useAnyManager(MemoryManager& manager) {
  return useAdrs(manager) + exchange(manager, PoolId::audio, 4000) + exchange(manager, PoolId::general, 700) +
         report(manager, PoolId::audio);
}

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
  HeapWatch::tell(sizeof(large), 0, tag);
  const bool small = bus.publish(event, 1U) && bus.publish(event, 2U);
  return small && bus.publish(event, large) && bus.publish(event, large) &&
         bus.publishBytes(event, &large, sizeof(large));
}
