// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Pressure.h"

#include "millpond/base/Counter.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

namespace {

/// The level of a figure that falls under pressure; `before` is its previous level.
PressureLevel belowLimits(std::size_t left, const PressureLimits& limits, PressureLevel before) {
  const auto below = [&](std::size_t limit, PressureLevel level) {
    return left < limit || (before >= level && left - limit < limits.hysteresis);
  };
  if (below(limits.critical, PressureLevel::critical)) return PressureLevel::critical;
  return below(limits.warning, PressureLevel::warning) ? PressureLevel::warning : PressureLevel::normal;
}

/// The level of a figure that rises under pressure, without a division.
PressureLevel aboveLimits(const Occupancy& pools, const PressureLimits& limits, PressureLevel before) {
  const auto above = [&](std::size_t limit, PressureLevel level) {
    const std::size_t percent = limit - (before >= level ? limits.hysteresis : 0);
    return pools.total != 0 && std::uint64_t{pools.held} * 100 >= std::uint64_t{pools.total} * percent;
  };
  if (above(limits.critical, PressureLevel::critical)) return PressureLevel::critical;
  return above(limits.warning, PressureLevel::warning) ? PressureLevel::warning : PressureLevel::normal;
}

void addTo(Word& counter, std::size_t amount) {
  counter.update([amount](std::uint32_t sum) MILLPOND_INLINED {
    return amount < UINT32_MAX - sum ? sum + static_cast<std::uint32_t>(amount) : UINT32_MAX;
  });
}

// Stands for bytes that the heap cannot tell, or that are at least as many.
constexpr std::uint32_t unknown = UINT32_MAX;

std::uint32_t known(std::size_t bytes) {
  return bytes < unknown ? static_cast<std::uint32_t>(bytes) : unknown;
}

bool turnOn(Word& flag) {
  return flag.update([](std::uint32_t) MILLPOND_INLINED { return 1U; }) == 0;
}
void turnOff(Word& flag) {
  flag.update([](std::uint32_t) MILLPOND_INLINED { return 0U; });
}

}  // namespace

Pressure::Pressure(MemoryManager& memory, const PressureSetup& setup, EventBus* bus)
    : memory_(memory),
      setup_(setup),
      bus_(bus),
      observer_{&Pressure::onMemoryEvent, this, &Pressure::onMemoryMoved},
      free_(unknown),
      largest_(unknown) {
  ready_ = memory_.setObserver(&observer_);
  if (ready_) look();
}

Pressure::~Pressure() {
  if (ready_) memory_.setObserver(nullptr);
}

void Pressure::onMemoryEvent(void* self, const MemoryEvent& event) {
  EventBus* bus = static_cast<Pressure*>(self)->bus_;
  const EventId id = memory_events::of[static_cast<std::size_t>(event.kind)];
  if (id != no_event && bus != nullptr) bus->publish(id, event);
}

void Pressure::onMemoryMoved(void* self) {
  if (!Port::inInterrupt()) static_cast<Pressure*>(self)->evaluate();
}

// Also asks for the largest free block, which may walk the heap: not within an allocation.
void Pressure::look() {
  const Heap& heap = memory_.heap();
  if (heap.largestFreeBlock != nullptr) {
    largest_.store(known(heap.largestFreeBlock(heap.context)));
  }
  evaluate();
}

// Only one caller evaluates at a time. A concurrent caller sets a flag, and the first evaluates once more.
// The flag is written even if it is already set, so that the next evaluation sees all that this caller did.
void Pressure::evaluate() {
  constexpr std::uint32_t busy = 1;
  constexpr std::uint32_t again = 2;
  if (evaluating_.setBits(busy | again) != 0) return;
  do {
    evaluating_.clearBits(again);
    settle(measure());
  } while (evaluating_.update([](std::uint32_t seen) MILLPOND_INLINED { return seen == busy ? 0 : seen; }) !=
           busy);
}

PressureLevel Pressure::measure() {
  const Heap& heap = memory_.heap();
  figures_.pools = memory_.occupancy();
  if (heap.freeBytes != nullptr) figures_.free_bytes = heap.freeBytes(heap.context);
  free_.store(known(figures_.free_bytes));
  figures_.largest_block = largestBlock();

  levels_[free_heap] = belowLimits(figures_.free_bytes, setup_.free_heap, levels_[free_heap]);
  levels_[largest_block] = belowLimits(figures_.largest_block, setup_.largest_block, levels_[largest_block]);
  levels_[occupancy] = aboveLimits(figures_.pools, setup_.occupancy, levels_[occupancy]);
  PressureLevel highest = PressureLevel::normal;
  for (const PressureLevel input : levels_) highest = highest < input ? input : highest;
  seen_.store(static_cast<std::uint32_t>(highest));
  return highest;
}

void Pressure::settle(PressureLevel seen) {
  if (seen > level()) change(seen);
  if (seen == level()) {
    lower_since_ = never;
    return;
  }
  if (passed(lower_since_, Port::micros(), setup_.calm_ms)) {
    lower_since_ = never;
    change(seen);
  }
}

// Whether `ms` milliseconds have passed since `since`. A period that has not begun begins now, and so does
// one whose start is ahead of a clock that was set back.
bool Pressure::passed(std::uint64_t& since, std::uint64_t now, std::uint32_t ms) {
  if (now < since) since = now;
  return now - since >= std::uint64_t{ms} * 1000;
}

void Pressure::change(PressureLevel to) {
  const PressureLevel from = level();
  level_.store(static_cast<std::uint32_t>(to));
  if (to > from) risen_.setBits(1);
  if constexpr (trace_on) {
    const auto severity = static_cast<std::size_t>(to);
    memory_.core().recordRare({TraceKind::pressure, PoolId::heap}, 0, severity, nullptr);
  }
  if (bus_ != nullptr) bus_->publish(PressureChanged::event, PressureChanged{from, to, figures_});
}

PressureLevel Pressure::poll() {
  if (!ready_ || Port::inInterrupt()) return level();
  memory_.releaseFreed();
  look();
  if (turnOn(acting_)) {
    act(Port::micros());
    turnOff(acting_);
  }
  return level();
}

void Pressure::act(std::uint64_t now) {
  if (level() != PressureLevel::normal) {
    normal_since_ = never;
    if (static_cast<PressureLevel>(seen_.load()) < level()) return;  // it falls by itself
    const bool risen = risen_.clearBits(1) != 0;
    if (!passed(reclaimed_at_, now, setup_.calm_ms) && !risen) return;
    reclaimed_at_ = now;
    reclaim(risen, nullptr);
    return;
  }
  if (!passed(normal_since_, now, setup_.reacquire_after_ms)) return;
  normal_since_ = now;
  reacquirePools();
}

// With a report: runs every reclaimer, as if critical. Without: runs them until the level would fall. A
// reclaimer that gives nothing is an event only after a rise, not each time it runs again.
void Pressure::reclaim(bool risen, CleanupReport* report) {
  const PressureLevel start = report != nullptr ? PressureLevel::critical : level();
  const auto note = [report](const char* name, std::size_t bytes) {
    if (report == nullptr) return;
    report->bytes += bytes;
    if (report->count < report->items.size()) report->items[report->count++] = {name, bytes};
  };
  startRound();
  for (Turn turn = nextDue(); turn.of != nullptr; turn = nextDue()) {
    note(turn.name, run(turn, start, risen));
    look();
    if (report == nullptr && static_cast<PressureLevel>(seen_.load()) < start) return;
  }
  if (start != PressureLevel::critical) return;
  const std::size_t bytes = releasePools();
  if (bytes != 0) note("idle pools", bytes);
}

std::size_t Pressure::run(const Turn& turn, PressureLevel level, bool risen) {
  const std::size_t bytes = turn.callback(turn.context, level);
  {
    const port::TaskLock lock(list_);
    for (Reclaimer* registered = reclaimers_; registered != nullptr; registered = registered->next_) {
      if (registered == turn.of) addTo(registered->yielded_, bytes);
    }
  }
  if constexpr (trace_on) {
    if (bytes != 0) memory_.core().recordRare({TraceKind::reclaim, PoolId::heap}, 0, bytes, turn.name);
  }
  if (bus_ != nullptr && (bytes != 0 || risen)) bus_->publish(Reclaimed::event, Reclaimed{turn.name, bytes});
  return bytes;
}

std::size_t Pressure::releasePools() {
  const std::size_t bytes = memory_.releaseIdlePools();
  if (bytes == 0) return 0;
  counter::increment(releases_);
  if (bus_ != nullptr) bus_->publish(PoolsMoved::event, PoolsMoved{true, bytes});
  normal_since_ = never;  // restarts the period of normal: else the next poll would reacquire them
  look();
  return bytes;
}

// Only as much as leaves the heap clear of pressure: otherwise it would be given back at once.
void Pressure::reacquirePools() {
  const auto clear = [](const PressureLimits& limits) { return limits.warning + limits.hysteresis; };
  const std::size_t bytes = memory_.reacquirePools(clear(setup_.free_heap), clear(setup_.largest_block));
  if (bytes == 0) return;
  counter::increment(reacquires_);
  if (bus_ != nullptr) bus_->publish(PoolsMoved::event, PoolsMoved{false, bytes});
  look();
}

CleanupReport Pressure::emergencyCleanup() {
  CleanupReport report;
  if (!ready_ || Port::inInterrupt() || !turnOn(acting_)) return report;
  reclaim(true, &report);
  turnOff(acting_);
  return report;
}

bool Pressure::add(Reclaimer& reclaimer) {
  const port::TaskLock lock(list_);
  if (!ready_ || reclaimer.registered_ || reclaimer.callback_ == nullptr) return false;
  reclaimer.registered_ = true;
  reclaimer.due_ = false;
  Reclaimer** link = &reclaimers_;
  while (*link != nullptr && (*link)->priority_ <= reclaimer.priority_) link = &(*link)->next_;
  reclaimer.next_ = *link;
  *link = &reclaimer;
  return true;
}

bool Pressure::remove(Reclaimer& reclaimer) {
  const port::TaskLock lock(list_);
  for (Reclaimer** link = &reclaimers_; *link != nullptr; link = &(*link)->next_) {
    if (*link != &reclaimer) continue;
    *link = reclaimer.next_;
    reclaimer.registered_ = false;
    return true;
  }
  return false;
}

void Pressure::startRound() {
  const port::TaskLock lock(list_);
  for (Reclaimer* registered = reclaimers_; registered != nullptr; registered = registered->next_) {
    registered->due_ = true;
  }
}

Pressure::Turn Pressure::nextDue() {
  const port::TaskLock lock(list_);
  Reclaimer* next = reclaimers_;
  while (next != nullptr && !next->due_) next = next->next_;
  if (next == nullptr) return {};
  next->due_ = false;
  counter::increment(next->runs_);
  return {next, next->name_, next->callback_, next->context_};
}

}  // namespace millpond
