// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/LeakWatch.h"

#include "millpond/base/Text.h"
#include "millpond/base/Ticks.h"

namespace millpond {

namespace {
constexpr std::uint32_t ticks_a_day = 1'318'359;
}  // namespace

std::size_t LeakWatch::poll() {
  if (seen_.empty()) return 0;  // not constructed yet: there is no manager
  looked_before_ = looked_;
  looked_ = now_;
  now_ = Port::ticks();
  fade();
  std::size_t suspects = 0;
  LiveBlock block;
  const std::uint32_t places = core_.places();
  for (std::uint32_t position = 0; position < places && position < seen_.size(); ++position) {
    Seen& seen = seen_[position];
    const bool live = core_.liveBlockAt(position, block);
    const bool same = live && seen.since == block.since && seen.source == block.source;
    if (!same) {
      const std::uint64_t age_ms = learn(seen);
      if (seen.suspected) tellCleared(seen, block, age_ms, true);
      seen = live ? Seen{block.source, block.since} : Seen{};
      continue;  // what a first inspection saw may be a mixture, under `Guards::none`
    }
    seen.confirmed = true;
    const bool suspected = isOverdue(block);
    if (suspected && !seen.suspected) tell(block);
    if (seen.suspected && !suspected) tellCleared(seen, block, block.age_ms, false);
    seen.suspected = suspected;
    suspects += suspected ? 1 : 0;
  }
  return suspects;
}

// At most once per inspection: after a long time without one, or a change of the clock, what was learnt is
// not lost at once.
inline void LeakWatch::fade() {
  if (now_ - faded_at_ < ticks_a_day) return;
  faded_at_ = now_;
  for (Habit& habit : habits_) habit.usual_ms -= habit.usual_ms / 16;
}

inline bool LeakWatch::isOverdue(const LiveBlock& block) const {
  if (block.source == EventBus::queue_source) return false;
  const std::uint64_t usual = usualAge(block.source);
  return byHand(block) || (usual != 0 && block.age_ms > suspect_factor * usual);
}

// Separate, as is the next function, so that `poll` needs no stack for the events.
[[gnu::noinline]] void LeakWatch::tell(const LiveBlock& block) const {
  if (bus_ == nullptr) return;
  bus_->publish(LeakSuspected::event,
                LeakSuspected{block.source, block.pool, block.index, block.size, block.age_ms,
                              byHand(block) ? 0 : usualAge(block.source), block.task});
}

[[gnu::noinline]] void LeakWatch::tellCleared(const Seen& seen, const LiveBlock& place, std::uint64_t age_ms,
                                              bool came_back) const {
  if (bus_ == nullptr) return;
  bus_->publish(LeakCleared::event, LeakCleared{seen.source, place.pool, place.index, age_ms, came_back});
}

// The block last seen here, if any, is gone. A suspected block that was given back after all shows that such
// a life is usual. Returns: the longest that it can have lived.
inline std::uint64_t LeakWatch::learn(const Seen& gone) {
  if (gone.source == nullptr) return 0;
  std::uint32_t ticks = ticksBetween(gone.since, now_);
  // A block first seen at the last inspection was not there at the one before, whatever that first inspection
  // says.
  const std::uint32_t unseen = ticksBetween(looked_before_, now_);
  if (!gone.confirmed && unseen < ticks) ticks = unseen;
  const std::uint64_t age_ms = ticksToMilliseconds(ticks != 0 ? ticks : 1);
  if (Habit* habit = habitOf(gone.source)) {
    if (habit->usual_ms < age_ms) habit->usual_ms = age_ms;
    if (habit->lives != UINT32_MAX) ++habit->lives;
  }
  return age_ms;
}

std::uint64_t LeakWatch::usualAge(const char* source) const {
  if (source == nullptr) source = "?";
  for (const Habit& habit : habits_) {
    if (habit.source != nullptr && text::same(habit.source, source)) {
      return habit.lives >= least_lives ? habit.usual_ms : 0;
    }
  }
  return 0;
}

// The source's row, or a vacant row assigned to it; nullptr if there is none left.
inline LeakWatch::Habit* LeakWatch::habitOf(const char* source) {
  for (Habit& habit : habits_) {
    if (habit.source == nullptr) habit.source = source;
    if (text::same(habit.source, source)) return &habit;
  }
  return nullptr;
}

}  // namespace millpond
