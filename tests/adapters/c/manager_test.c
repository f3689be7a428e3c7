// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// The C interface as a C firmware uses it. Each function is a test.
#include <millpond/adapters/millpond_c.h>
#include <millpond/adapters/millpond_hooks.h>
#include <string.h>

#include "check.h"

MILLPOND_C_DECLARE(device);
MILLPOND_C_DECLARE(second);
void* lateRegion(void);
void testEvents(void);

static millpond_pool_stats figures(millpond_pool pool) {
  millpond_stats stats;
  millpond_get_stats(device(), &stats);
  return pool == MILLPOND_HEAP ? stats.heap : stats.pool[pool];
}

static void allocates_from_each_of_the_named_pools(void) {
  for (millpond_pool pool = MILLPOND_AUDIO; pool <= MILLPOND_GENERAL; ++pool) {
    void* const block = millpond_allocate(device(), pool, 1000, "capture");
    CHECK(millpond_pool_of(device(), block) == pool);
    CHECK(millpond_owns(device(), block));
    CHECK(millpond_usable_size(device(), block) >= 1000);
    memset(block, 0x55, 1000);
    millpond_free(device(), block);
    CHECK(!millpond_owns(device(), block));
  }
}

static void finds_pools_by_their_names(void) {
  CHECK(millpond_find(device(), "network") == MILLPOND_NETWORK);
  CHECK(millpond_find(device(), "tls") == 3);
  CHECK(millpond_find(device(), "tl") == MILLPOND_NONE);
  CHECK(millpond_find(device(), "heap") == MILLPOND_NONE);
  CHECK(millpond_find(device(), NULL) == MILLPOND_NONE);
  CHECK(strcmp(millpond_name_of(device(), 3), "tls") == 0);
  CHECK(strcmp(millpond_name_of(device(), MILLPOND_HEAP), "heap") == 0);
  CHECK(strcmp(millpond_name_of(device(), 7), "?") == 0);
}

static void refuses_and_counts_a_double_free(void) {
  const millpond_pool_stats before = figures(MILLPOND_AUDIO);
  void* const block = millpond_allocate(device(), MILLPOND_AUDIO, 4096, "capture");
  CHECK(millpond_try_free(device(), block));
  CHECK(!millpond_try_free(device(), block));
  millpond_free(device(), block);
  const millpond_pool_stats after = figures(MILLPOND_AUDIO);
  CHECK(after.rejected == before.rejected + 2);
  CHECK(after.frees == before.frees + 1);
  CHECK(after.in_use == 0);
}

static void refuses_interior_and_foreign_pointers_and_takes_null(void) {
  int foreign = 0;
  char* const block = millpond_allocate(device(), MILLPOND_AUDIO, 4096, "capture");
  CHECK(!millpond_try_free(device(), block + 1));
  CHECK(!millpond_try_free(device(), &foreign));
  CHECK(millpond_try_free(device(), NULL));
  CHECK(millpond_try_free(device(), block));
}

static void refuses_a_block_of_the_other_manager(void) {
  void* const block = millpond_allocate(second(), MILLPOND_AUDIO, 4096, "capture");
  CHECK(device() != second());
  CHECK(!millpond_owns(device(), block));
  CHECK(!millpond_try_free(device(), block));
  CHECK(millpond_try_free(second(), block));
  millpond_stats stats;
  millpond_get_stats(second(), &stats);
  CHECK(stats.pool[MILLPOND_AUDIO].capacity == 1 && stats.pools == 3);
}

static void refuses_a_size_of_zero_and_a_pool_that_it_does_not_have(void) {
  millpond_stats before, after;
  millpond_get_stats(device(), &before);
  CHECK(millpond_allocate(device(), MILLPOND_AUDIO, 0, "capture") == NULL);
  CHECK(millpond_allocate(device(), 7, 10, "capture") == NULL);
  millpond_get_stats(device(), &after);
  CHECK(after.invalid_requests == before.invalid_requests + 2);
}

static void takes_memory_from_the_heap_only_where_that_is_allowed(void) {
  const millpond_terms terms = {.pool_only = true};
  CHECK(millpond_allocate_pool_only(device(), MILLPOND_AUDIO, 5000, "big") == NULL);
  CHECK(millpond_allocate_by(device(), MILLPOND_AUDIO, 5000, "big", terms) == NULL);
  void* const block = millpond_allocate(device(), MILLPOND_AUDIO, 5000, "big");
  CHECK(millpond_pool_of(device(), block) == MILLPOND_HEAP);
  CHECK(figures(MILLPOND_HEAP).in_use == 5000);
  millpond_free(device(), block);
  CHECK(millpond_release_freed(device()) == 0);
}

static void waits_for_a_block_as_long_as_it_was_told_and_takes_the_reserve_if_it_may(void) {
  const millpond_pool tls = millpond_find(device(), "tls");
  void* const most = millpond_allocate(device(), tls, (size_t)7 * 64, "most");
  CHECK(millpond_free_in(device(), tls) == 1);
  const millpond_terms waits = {.timeout_ms = 2, .pool_only = true};
  CHECK(millpond_allocate_by(device(), tls, 10, "late", waits) == NULL);
  CHECK(millpond_waiting_for(device(), tls) == 0);
  const millpond_terms reserved = {.reserved = true};
  void* const last = millpond_allocate_by(device(), tls, 10, "urgent", reserved);
  CHECK(millpond_pool_of(device(), last) == tls);
  millpond_free(device(), last);
  millpond_free(device(), most);
}

static void gives_every_figure_of_a_pool(void) {
  millpond_reset_peaks(device());
  void* const block = millpond_allocate(device(), MILLPOND_NETWORK, 19200, "uplink");
  const millpond_pool_stats pool = figures(MILLPOND_NETWORK);
  CHECK(strcmp(pool.name, "network") == 0);
  CHECK(pool.block_size == 20480 && pool.capacity == 2 && !pool.released);
  CHECK(pool.in_use == 1 && pool.peak == 1 && pool.allocations == pool.frees + 1);
  CHECK(pool.exhausted == 0 && pool.oversize == 0 && pool.fallbacks == 0 && pool.rejected == 0);
  CHECK(pool.largest_request == MILLPOND_NOT_MEASURED && pool.largest_refused == 0 && pool.waiting == 0);
  CHECK(pool.bytes_requested == 19200 && pool.bytes_granted == 20480);
  millpond_stats stats;
  millpond_get_stats(device(), NULL);
  millpond_get_stats(device(), &stats);
  CHECK(stats.pools == 6 && stats.guard_violations == 0);
  CHECK(stats.static_bytes == 0 && stats.static_budget == 16384);
  CHECK(millpond_get_occupancy(device()).held == 20480);
  CHECK(millpond_alignment(device()) >= 8);
  millpond_free(device(), block);
}

static void tells_what_fewer_blocks_would_have_refused(void) {
  CHECK(millpond_max_request(device(), MILLPOND_AUDIO) == 4096);
  CHECK(millpond_max_request(device(), MILLPOND_NONE) == 0);
  const uint64_t served = millpond_served_by(device(), MILLPOND_NETWORK, 0);
  millpond_free(device(), millpond_allocate(device(), MILLPOND_NETWORK, 100, "uplink"));
  CHECK(millpond_served_by(device(), MILLPOND_NETWORK, 0) == served + 1);
  CHECK(millpond_served_by(device(), MILLPOND_NETWORK, 2) == 0);
  const millpond_what_if none = millpond_get_what_if(device(), MILLPOND_NETWORK, 0);
  CHECK(none.basis == 0 && none.refused > served);
  CHECK(millpond_get_what_if(device(), MILLPOND_NONE, 1).basis != 0);
}

struct seen {
  size_t blocks;
  millpond_live_block last;
};
static void see(void* context, const millpond_live_block* block) {
  struct seen* const seen = context;
  ++seen->blocks;
  seen->last = *block;
}

static void shows_every_live_block_and_so_a_leak(void) {
  struct seen seen = {0};
  CHECK(millpond_visit_blocks(device(), 0, see, &seen) == 0);
  void* const block = millpond_allocate(device(), MILLPOND_GENERAL, 600, "json");
  CHECK(millpond_visit_blocks(device(), 0, see, &seen) == 1);
  CHECK(millpond_visit_blocks(device(), 0, NULL, NULL) == 1);
  CHECK(seen.blocks == 1 && seen.last.address == block && strcmp(seen.last.source, "json") == 0);
  CHECK(seen.last.size == 600 && seen.last.granted == 1024 && seen.last.pool == MILLPOND_GENERAL);
  CHECK(millpond_visit_blocks(device(), 1000000, see, &seen) == 0);
  millpond_free(device(), block);
}

static void sum_bytes(void* context, const millpond_source_stats* row) {
  *(size_t*)context += row->blocks * 10000 + row->bytes_requested;
}

static void sums_what_each_source_holds(void) {
  void* const one = millpond_allocate(device(), MILLPOND_AUDIO, 100, "capture");
  void* const two = millpond_allocate(device(), MILLPOND_GENERAL, 20, "capture");
  size_t sum = 0;
  CHECK(millpond_visit_sources(device(), sum_bytes, &sum) == 1);
  CHECK(sum == 20120);
  CHECK(millpond_visit_sources(device(), NULL, NULL) == 1);
  millpond_free(device(), one);
  millpond_free(device(), two);
}

static void finds_an_overwritten_block(void) {
  char* const block = millpond_allocate(device(), MILLPOND_AUDIO, 100, "capture");
  const char kept = block[100];
  CHECK(millpond_validate(device(), 100) == 0);
  block[100] = (char)~kept;
  CHECK(millpond_validate(device(), 100) == 1);
  block[100] = kept;
  millpond_free(device(), block);
}

static void hands_memory_over_and_moves_the_reclaimable_pool(void) {
  const millpond_pool late = millpond_find(device(), "late");
  CHECK(millpond_allocate_pool_only(device(), late, 64, "frames") == NULL);
  CHECK(!millpond_hand_over(device(), late, NULL, 256));
  CHECK(!millpond_hand_over(device(), MILLPOND_AUDIO, lateRegion(), 256));
  CHECK(millpond_hand_over(device(), late, lateRegion(), 256));
  void* const block = millpond_allocate_pool_only(device(), late, 64, "frames");
  CHECK(block == lateRegion());
  millpond_free(device(), block);
  CHECK(millpond_release_idle_pools(device()) == 128);
  CHECK(figures(millpond_find(device(), "idle")).released);
  CHECK(millpond_reacquire_pools(device(), 0) == 128);
}

static void binds_a_library_once(void) {
  const millpond_pool pools[2] = {millpond_find(device(), "tls"), MILLPOND_AUDIO};
  for (millpond_library library = MILLPOND_MBEDTLS; library <= MILLPOND_LWIP; ++library) {
    CHECK(!millpond_bind(device(), library, pools, 0, "lib", false));
    CHECK(!millpond_bind(device(), library, pools, 5, "lib", false));
    CHECK(!millpond_bind(device(), library, NULL, 2, "lib", false));
    CHECK(millpond_bind(device(), library, pools, 2, "lib", false));
    CHECK(!millpond_bind(second(), library, pools, 2, "lib", false));
  }
  CHECK(!millpond_bind(device(), MILLPOND_LWIP + 1, pools, 2, "lib", false));
  millpond_unbind(MILLPOND_LWIP + 1);
  void* const record = millpond_mbedtls_calloc(1, 4000);
  void* const node = millpond_cjson_malloc(64);
  void* const pcb = millpond_lwip_calloc(1, 64);
  void* const pbuf = millpond_lwip_malloc(64);
  CHECK(millpond_pool_of(device(), record) == MILLPOND_AUDIO);
  CHECK(millpond_pool_of(device(), node) == pools[0] && millpond_pool_of(device(), pcb) == pools[0]);
  millpond_lwip_free(pbuf);
  millpond_lwip_free(pcb);
  millpond_cjson_free(node);
  millpond_mbedtls_free(record);
  millpond_mbedtls_free(record);
  CHECK(figures(MILLPOND_AUDIO).in_use == 0);
  for (millpond_library library = MILLPOND_MBEDTLS; library <= MILLPOND_LWIP; ++library) {
    millpond_unbind(library);
  }
  CHECK(millpond_mbedtls_calloc(1, 64) == NULL);
}

int main(void) {
  allocates_from_each_of_the_named_pools();
  finds_pools_by_their_names();
  refuses_and_counts_a_double_free();
  refuses_interior_and_foreign_pointers_and_takes_null();
  refuses_a_block_of_the_other_manager();
  refuses_a_size_of_zero_and_a_pool_that_it_does_not_have();
  takes_memory_from_the_heap_only_where_that_is_allowed();
  waits_for_a_block_as_long_as_it_was_told_and_takes_the_reserve_if_it_may();
  gives_every_figure_of_a_pool();
  tells_what_fewer_blocks_would_have_refused();
  shows_every_live_block_and_so_a_leak();
  sums_what_each_source_holds();
  finds_an_overwritten_block();
  hands_memory_over_and_moves_the_reclaimable_pool();
  binds_a_library_once();
  testEvents();
  return 0;
}
