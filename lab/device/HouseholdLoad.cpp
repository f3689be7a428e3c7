// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/HouseholdLoad.h"

#include <algorithm>

namespace millpond::lab {

HouseholdLoad::HouseholdLoad(Life& life)
    : life_(life),
      scenario_(life.scenario),
      messages_(life.seed, 5),
      tasks_random_(life.seed, 6),
      packets_random_(life.seed, 7),
      sessions_random_(life.seed, 8),
      cache_random_(life.seed, 9) {
  boot();
  life_.after(place::message, millisecond);
  for (std::uint32_t task = 0; task < scenario_.general.tasks; ++task) {
    life_.after(place::tasks + task, std::uint64_t{millisecond} * (task + 1));
  }
  for (std::uint32_t slot = 0; slot < scenario_.sessions.slots; ++slot) planSession(slot);
  life_.after(place::cache, second);
  planBurst();
}

void HouseholdLoad::boot() {
  Random random(life_.seed, 10);
  Random sizes(life_.seed, 34);
  const Scenario::Boot& boot = scenario_.boot;
  for (std::uint32_t object = 0; object < boot.objects; ++object) {
    for_ever_.push_back(life_.take(RequestClass::small, random.smallWithin(boot.object_bytes), Source::boot));
  }
  for (std::uint32_t stack = 0; stack < boot.stacks; ++stack) {
    for_ever_.push_back(life_.take(RequestClass::small, random.within(boot.stack_bytes), Source::boot));
  }
  for (std::uint32_t buffer = 0; buffer < boot.receive_buffers; ++buffer) {
    for_ever_.push_back(life_.take(RequestClass::pbuf, sizes.within(boot.receive_bytes), Source::boot));
  }
  if (scenario_.codec.encoder_bytes != 0) {
    for_ever_.push_back(life_.take(RequestClass::small, scenario_.codec.encoder_bytes, Source::boot));
  }
}

// Few messages may be alive at once: if a new one needs a place, the oldest ends.
void HouseholdLoad::message() {
  const Scenario::Messages& settings = scenario_.messages;
  life_.after(place::message, messages_.waiting(std::uint64_t{settings.every_ms} * millisecond));
  const std::uint32_t slot = next_message_++ % place::max_messages;
  std::vector<Block>& strings = message_strings_[slot];
  giveAll(strings);
  const std::uint32_t count = messages_.within(settings.strings);
  for (std::uint32_t string = 0; string < count; ++string) {
    strings.push_back(
        life_.take(RequestClass::small, messages_.smallWithin(settings.string_bytes), Source::message));
  }
  const bool slow = messages_.percent(settings.slow_percent);
  life_.after(place::message_ends + slot,
              anyTime(messages_, slow ? settings.slow_life_ms : settings.life_ms, millisecond));
}

void HouseholdLoad::messageEnds(std::uint32_t slot) {
  ++life_.events;
  life_.agenda.cancel(place::message_ends + slot);
  giveAll(message_strings_[slot]);
}

void HouseholdLoad::task(std::uint32_t index) {
  const Scenario::General& settings = scenario_.general;
  Block& buffer = task_buffers_[index];
  if (buffer.bytes != 0) {
    ++life_.events;
    life_.memory.give(buffer);
    life_.after(place::tasks + index, tasks_random_.waiting(std::uint64_t{settings.every_ms} * millisecond));
  } else {
    buffer = life_.take(RequestClass::general, tasks_random_.within(settings.bytes), Source::task);
    life_.after(place::tasks + index, anyTime(tasks_random_, settings.life_ms, millisecond));
  }
}

void HouseholdLoad::planBurst() {
  packets_to_come_ = packets_random_.within(scenario_.bursts.packets);
  life_.after(place::packet,
              packets_random_.waiting(life_.disturbed(std::uint64_t{scenario_.bursts.every_s} * second)));
}

void HouseholdLoad::packet() {
  if (packets_.size() < BlockQueue::capacity) {
    packets_.push(
        life_.take(RequestClass::pbuf, packets_random_.within(scenario_.bursts.packet_bytes), Source::burst));
  }
  if (packets_.size() == 1) {
    life_.after(place::packet_handled, packets_random_.within(scenario_.bursts.handle_us));
  }
  if (--packets_to_come_ == 0) return planBurst();
  life_.after(place::packet, packets_random_.within(scenario_.bursts.gap_us));
}

void HouseholdLoad::packetHandled() {
  ++life_.events;
  packets_.giveFront(life_.memory);
  if (packets_.empty()) return life_.agenda.cancel(place::packet_handled);
  life_.after(place::packet_handled, packets_random_.within(scenario_.bursts.handle_us));
}

void HouseholdLoad::planSession(std::uint32_t slot) {
  life_.after(place::sessions + slot,
              sessions_random_.waiting(std::uint64_t{scenario_.sessions.idle_s} * second));
}

Block HouseholdLoad::sessionObject() {
  return life_.take(RequestClass::small, sessions_random_.smallWithin(scenario_.sessions.object_bytes),
                    Source::session);
}

void HouseholdLoad::session(std::uint32_t slot) {
  ++life_.events;
  const Scenario::Sessions& settings = scenario_.sessions;
  Session& session = sessions_[slot];
  if (session.objects.empty()) {
    const std::uint32_t count = sessions_random_.within(settings.objects);
    for (std::uint32_t object = 0; object < count; ++object) session.objects.push_back(sessionObject());
    session.ends_us = life_.now_us + std::uint64_t{settings.shortest_s} * second +
                      sessions_random_.waiting(std::uint64_t{settings.life_s} * second);
  } else if (life_.now_us >= session.ends_us) {
    giveAll(session.objects);
    return planSession(slot);
  } else {
    Block& renewed =
        session.objects[sessions_random_.below(static_cast<std::uint32_t>(session.objects.size()))];
    life_.memory.give(renewed);
    renewed = sessionObject();
  }
  const std::uint64_t renews_us = life_.now_us + anyTime(sessions_random_, settings.renew_s, second);
  life_.agenda.set(place::sessions + slot, std::max(life_.now_us + 1, std::min(renews_us, session.ends_us)));
}

// The cache grows to its size and then replaces a random entry at a time.
void HouseholdLoad::cache() {
  const Scenario::Cache& settings = scenario_.cache;
  const bool grows = cache_.size() < settings.entries;
  if (grows) cache_.emplace_back();
  Block& entry =
      grows ? cache_.back() : cache_[cache_random_.below(static_cast<std::uint32_t>(cache_.size()))];
  life_.memory.give(entry);
  entry = life_.take(RequestClass::small, cache_random_.smallWithin(settings.entry_bytes), Source::cache);
  life_.after(place::cache, cache_random_.waiting(std::uint64_t{settings.every_s} * second));
}

void HouseholdLoad::giveAll(std::vector<Block>& blocks) {
  for (Block& block : blocks) life_.memory.give(block);
  blocks.clear();
}

void HouseholdLoad::end() {
  for (std::vector<Block>& strings : message_strings_) giveAll(strings);
  for (Block& buffer : task_buffers_) life_.memory.give(buffer);
  packets_.giveAll(life_.memory);
  for (Session& session : sessions_) giveAll(session.objects);
  giveAll(cache_);
  giveAll(for_ever_);
}

}  // namespace millpond::lab
