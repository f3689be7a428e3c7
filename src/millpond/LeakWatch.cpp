// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/LeakWatch.h"

#include "millpond/Text.h"
#include "millpond/Ticks.h"

namespace millpond {

std::size_t LeakWatch::poll() {
  const std::uint32_t now = Port::ticks();
  between_looks_ms_ = ticksToMilliseconds(now - last_look_);
  last_look_ = now;

  std::size_t suspects = 0;
  LiveBlock block;
  const std::uint32_t places = memory_.places();
  for (std::uint32_t position = 0; position < places && position < seen_.size(); ++position) {
    Seen& seen = seen_[position];
    const bool live = memory_.liveBlockAt(position, block);
    const bool same = live && seen.since == block.since && seen.source == block.source;
    if (!same) learn(seen);
    if (!live) continue;
    seen.source = block.source;
    seen.since = block.since;
    seen.age_ms = block.age_ms;
    if (!isSuspect(seen)) continue;
    ++suspects;
    if (!seen.suspected) tell(block);
    seen.suspected = true;
  }
  return suspects;
}

bool LeakWatch::isSuspect(const Seen& seen) const {
  if (age_ms_ != 0 && seen.age_ms >= age_ms_) return true;
  const std::uint64_t usual = usualAge(seen.source);
  return usual != 0 && seen.age_ms > suspect_factor * usual && seen.age_ms > 2 * between_looks_ms_;
}

void LeakWatch::tell(const LiveBlock& block) const {
  if (bus_ == nullptr) return;
  const bool by_hand = age_ms_ != 0 && block.age_ms >= age_ms_;
  bus_->publish(LeakSuspected::event, LeakSuspected{block.source, block.pool, block.index, block.size,
                                                    block.age_ms, by_hand ? 0 : usualAge(block.source)});
}

// The block is gone. One that was suspected and came back after all teaches that this is usual.
void LeakWatch::learn(Seen& gone) {
  if (gone.source == nullptr) return;
  if (Habit* habit = habitOf(gone.source)) {
    const std::uint64_t faded = habit->usual_ms - habit->usual_ms / 16;
    const std::uint64_t age = gone.age_ms != 0 ? gone.age_ms : 1;
    habit->usual_ms = age > faded ? age : faded;
    if (habit->lives != UINT32_MAX) ++habit->lives;
  }
  gone = Seen{};
}

std::uint64_t LeakWatch::usualAge(const char* source) const {
  for (const Habit& habit : habits_) {
    if (habit.source != nullptr && text::same(habit.source, source)) {
      return habit.lives >= least_lives ? habit.usual_ms : 0;
    }
  }
  return 0;
}

// The source's row, or a vacant one made its own; nullptr when there is none left.
LeakWatch::Habit* LeakWatch::habitOf(const char* source) {
  for (Habit& habit : habits_) {
    if (habit.source == nullptr) habit.source = source;
    if (text::same(habit.source, source)) return &habit;
  }
  return nullptr;
}

}  // namespace millpond
