// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Events, pressure, the leak watch and the live view as a C firmware uses them. Each function is a test.
#include <millpond/adapters/millpond_live.h>
#include <string.h>

#include "check.h"

MILLPOND_C_DECLARE(second);
MILLPOND_C_DECLARE_EVENT_BUS(events);
MILLPOND_C_DECLARE_PRESSURE(pressure);
MILLPOND_C_DECLARE_LEAK_WATCH(leaks);
void testEvents(void);

struct heard {
  unsigned count;
  millpond_event_id id;
  size_t size;
  unsigned char data[200];
};

static void hear(void* subscriber, const millpond_event* event) {
  struct heard* const heard = subscriber;
  ++heard->count;
  heard->id = event->id;
  heard->size = event->size;
  memcpy(heard->data, event->data, event->size);
}

static struct heard heard;
static const millpond_subscription subscription = {hear, &heard};

static void delivers_payloads_small_and_large(void) {
  const millpond_event_id mine = MILLPOND_EVENT(100, MILLPOND_NORMAL);
  const char text[100] = "a payload";
  CHECK(millpond_subscribe(events(), mine, MILLPOND_NORMAL, &subscription));
  CHECK(millpond_publish(events(), mine, text, 10));
  CHECK(heard.count == 0);
  CHECK(millpond_process_events(events(), 8) == 1);
  CHECK(heard.count == 1 && heard.id == mine && heard.size == 10 && memcmp(heard.data, text, 10) == 0);
  CHECK(millpond_publish(events(), mine, text, 100) && millpond_process_events(events(), 8) == 1);
  CHECK(heard.size == 100 && memcmp(heard.data, text, 100) == 0);
  CHECK(millpond_publish_now(events(), mine, text, 5) && heard.size == 5);
  CHECK(millpond_unsubscribe(events(), mine, &subscription));
  CHECK(!millpond_unsubscribe(events(), mine, &subscription));
}

static void refuses_what_is_no_event_or_no_subscription(void) {
  const millpond_subscription none = {NULL, NULL};
  CHECK(!millpond_subscribe(events(), MILLPOND_EVENT(100, MILLPOND_LOW), MILLPOND_LOW, &none));
  CHECK(!millpond_subscribe(events(), 0, MILLPOND_LOW, &subscription));
  const millpond_priority below = (millpond_priority)(MILLPOND_LOW + 1);
  CHECK(!millpond_subscribe(events(), MILLPOND_EVENT(100, MILLPOND_LOW), below, &subscription));
  CHECK(!millpond_subscribe(events(), MILLPOND_EVENT(100, MILLPOND_LOW), MILLPOND_LOW, NULL));
  const uint32_t dropped = millpond_dropped_events(events(), MILLPOND_CRITICAL);
  CHECK(!millpond_publish(events(), 0, "", 1));
  CHECK(millpond_dropped_events(events(), MILLPOND_CRITICAL) == dropped + 1);
  CHECK(!millpond_publish(events(), MILLPOND_EVENT(100, MILLPOND_CRITICAL), NULL, 10));
  CHECK(!millpond_publish_now(events(), MILLPOND_EVENT(100, MILLPOND_CRITICAL), NULL, 100));
  CHECK(millpond_publish(events(), MILLPOND_EVENT(100, MILLPOND_CRITICAL), NULL, 0));
  CHECK(millpond_process_events(events(), 8) == 1);
  CHECK(millpond_dropped_events(events(), below) == 0);
}

static void reports_a_double_free_as_an_event(void) {
  CHECK(millpond_subscribe(events(), MILLPOND_REJECTED_FREE, MILLPOND_HIGH, &subscription));
  void* const block = millpond_allocate(second(), MILLPOND_NETWORK, 100, "uplink");
  millpond_free(second(), block);
  millpond_free(second(), block);
  millpond_process_events(events(), 8);
  millpond_memory_event event;
  CHECK(heard.size == sizeof(event));
  memcpy(&event, heard.data, sizeof(event));
  CHECK(event.pointer == block && event.pool == MILLPOND_NETWORK && strcmp(event.source, "uplink") == 0);
  CHECK(millpond_unsubscribe(events(), MILLPOND_REJECTED_FREE, &subscription));
}

static size_t reclaim(void* context, millpond_level level) {
  *(millpond_level*)context = level;
  return 123;
}

static void runs_reclaimers_once_registered(void) {
  millpond_level level = 0;
  millpond_reclaimer reclaimer = {.callback = reclaim, .context = &level, .name = "backlog"};
  CHECK(!millpond_remove_reclaimer(pressure(), &reclaimer));
  CHECK(millpond_add_reclaimer(pressure(), &reclaimer));
  CHECK(!millpond_add_reclaimer(pressure(), &reclaimer));
  CHECK(millpond_emergency_cleanup(pressure()) == 123 && level == 2);
  CHECK(millpond_remove_reclaimer(pressure(), &reclaimer));
  CHECK(!millpond_remove_reclaimer(pressure(), &reclaimer));
  CHECK(millpond_emergency_cleanup(pressure()) == 0);
  millpond_reclaimer without = {.name = "nothing"};
  CHECK(!millpond_add_reclaimer(pressure(), &without));
  CHECK(!millpond_add_reclaimer(pressure(), NULL) && !millpond_remove_reclaimer(pressure(), NULL));
}

static void tells_when_the_pools_are_full(void) {
  CHECK(millpond_subscribe(events(), MILLPOND_PRESSURE_CHANGED, MILLPOND_HIGH, &subscription));
  CHECK(millpond_poll_pressure(pressure()) == 0);
  void* const all[] = {millpond_allocate(second(), MILLPOND_AUDIO, 4096, "all"),
                       millpond_allocate(second(), MILLPOND_NETWORK, 20480, "all"),
                       millpond_allocate(second(), MILLPOND_NETWORK, 20480, "all"),
                       millpond_allocate(second(), MILLPOND_GENERAL, 3584, "all")};
  CHECK(millpond_poll_pressure(pressure()) == 2);
  CHECK(millpond_pressure_level(pressure()) == 2);
  millpond_process_events(events(), 8);
  millpond_pressure_changed changed;
  CHECK(heard.size == sizeof(changed));
  memcpy(&changed, heard.data, sizeof(changed));
  CHECK(changed.from == 0 && changed.to == 2 && changed.pools.held == changed.pools.total);
  for (unsigned at = 0; at < 4; ++at) millpond_free(second(), all[at]);
  CHECK(millpond_unsubscribe(events(), MILLPOND_PRESSURE_CHANGED, &subscription));
}

static void suspects_no_block_that_it_sees_for_the_first_time(void) {
  millpond_set_leak_age(leaks(), 1);
  CHECK(millpond_poll_leaks(leaks()) == 0);
  millpond_set_leak_age(leaks(), 0);
}

static void hears_of_the_heap_that_is_exhausted(void) {
  const uint32_t before = millpond_heap_failures();
  CHECK(millpond_subscribe(events(), MILLPOND_HEAP_FAILED, MILLPOND_NORMAL, &subscription));
  CHECK(!millpond_watch_heap(events()));  // the host's heap does not tell
  millpond_tell_heap_failure(1436, 8, "wifi");
  millpond_process_events(events(), 8);
  millpond_heap_failed failed;
  CHECK(heard.size == sizeof(failed));
  memcpy(&failed, heard.data, sizeof(failed));
  CHECK(failed.bytes == 1436 && failed.capability == 8 && strcmp(failed.caller, "wifi") == 0);
  CHECK(!millpond_watch_heap(NULL));
  millpond_tell_heap_failure(1, 0, NULL);
  CHECK(millpond_heap_failures() == before + 2);
  CHECK(millpond_unsubscribe(events(), MILLPOND_HEAP_FAILED, &subscription));
}

struct text {
  char letters[32768];
  size_t length;
};
static bool append(void* context, const char* piece, size_t bytes) {
  struct text* const text = context;
  if (text->length + bytes >= sizeof(text->letters)) return false;
  memcpy(text->letters + text->length, piece, bytes);
  text->letters[text->length += bytes] = '\0';
  return true;
}
static bool refuse(void* context, const char* piece, size_t bytes) {
  (void)context, (void)piece, (void)bytes;
  return false;
}

static void shows_the_memory_as_metrics_and_as_json(void) {
  static struct text text;
  const millpond_device device = {.name = "kitchen", .up_ms = 7};
  char room[512];
  CHECK(millpond_write_metrics(second(), pressure(), true, room, sizeof(room), append, &text));
  CHECK(strstr(text.letters, "millpond_pool_blocks{pool=\"audio\"} 1\n") != NULL);
  CHECK(strcmp(text.letters + text.length - 6, "# EOF\n") == 0);
  CHECK(strstr(millpond_metrics_content_type(true), "openmetrics") != NULL);
  CHECK(strstr(millpond_metrics_content_type(false), "text/plain") != NULL);
  text.length = 0;
  CHECK(millpond_write_json(second(), NULL, &device, room, sizeof(room), append, &text));
  CHECK(text.letters[0] == '{' && strstr(text.letters, "\"kitchen\"") != NULL);
  CHECK(!millpond_write_json(second(), NULL, &device, room, 8, append, &text));
  CHECK(!millpond_write_json(second(), NULL, &device, room, sizeof(room), refuse, NULL));
  CHECK(!millpond_write_json(second(), NULL, NULL, room, sizeof(room), append, &text));
  CHECK(!millpond_write_metrics(second(), NULL, false, room, 8, append, &text));
  CHECK(!millpond_write_metrics(second(), NULL, false, room, sizeof(room), NULL, NULL));
  CHECK(!millpond_write_metrics(NULL, NULL, false, room, sizeof(room), append, &text));
}

// Runs before the constructors of C++, and must find nothing set up.
__attribute__((constructor(101))) static void refuses_everything_before_set_up(void) {
  const millpond_event_id mine = MILLPOND_EVENT(100, MILLPOND_NORMAL);
  const char text[100] = "a payload";
  millpond_reclaimer reclaimer = {.callback = reclaim};
  CHECK(millpond_allocate(second(), MILLPOND_AUDIO, 100, "early") == NULL);
  CHECK(!millpond_subscribe(events(), mine, MILLPOND_NORMAL, &subscription));
  CHECK(!millpond_publish(events(), mine, text, 10) && !millpond_publish(events(), mine, text, 100));
  CHECK(millpond_process_events(events(), 8) == 0);
  CHECK(!millpond_add_reclaimer(pressure(), &reclaimer) && millpond_poll_pressure(pressure()) == 0);
  CHECK(millpond_poll_leaks(leaks()) == 0);
}

void testEvents(void) {
  delivers_payloads_small_and_large();
  refuses_what_is_no_event_or_no_subscription();
  reports_a_double_free_as_an_event();
  runs_reclaimers_once_registered();
  tells_when_the_pools_are_full();
  suspects_no_block_that_it_sees_for_the_first_time();
  hears_of_the_heap_that_is_exhausted();
  shows_the_memory_as_metrics_and_as_json();
}
