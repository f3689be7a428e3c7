// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The README and docs/how-to-add-a-pool.md show the parts between the marks, and a test compares them.
#include <millpond.h>

// [rows]
constexpr millpond::MemoryConfig config{
    .general_buffer_pool_size = 0,  // no general pool: its requests follow the fallback
    .more = {{{.name = "tls", .blocks = 2, .block_size = 16720},
              {.name = "objects", .kind = millpond::PoolKind::runs, .blocks = 16, .block_size = 64}}}};
static millpond::StaticMemoryManager<config> memory;
constexpr millpond::PoolId tls = config.id("tls");  // an unknown name does not compile
// [rows]

int main() {
  // [calls]
  void* record = memory.allocate(tls, 16717, "tls");        // from the heap if the pool is empty
  void* only = memory.allocatePoolOnly(tls, 16717, "tls");  // nullptr rather than the heap
  bool mine = memory.owns(record);
  std::size_t usable = memory.usableSize(only);                        // 16720
  millpond::PoolStats figures = memory.stats().pool(tls);              // by id, as `.audio` is by name
  bool freed = memory.tryDeallocate(record);                           // false if the free is refused
  void* waited = memory.allocate(tls, 16717, "tls", 20);               // waits up to 20 ms for a block
  auto point = memory.create<int>(config.id("objects"), "points", 7);  // destroyed and freed on scope exit
  // [calls]
  memory.deallocate(waited);
  memory.deallocate(only);
  const bool right =
      mine && usable == 16720 && figures.in_use == 2 && freed && waited == record && *point == 7;
  return right && memory.stats().pool(tls).in_use == 0 ? 0 : 1;
}
