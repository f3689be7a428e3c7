// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/TraceStream.h"

namespace millpond {

#if CONFIG_MILLPOND_TRACE_RECORDS != 0

namespace {

std::uint32_t keyOf(const char* source) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(source)) & TraceRecord::key_mask;
}

std::uint32_t lostEvents() {
  std::uint32_t lost = 0;
  for (const TraceRing& ring : trace_rings.ring) lost += ring.lost();
  return lost;
}

}  // namespace

TraceStream::TraceStream(MemoryManager& memory, std::span<std::byte> room, const TraceSink& sink,
                         std::uint32_t ticks_per_second)
    : core_(memory.core()), encoder_(setUp(room, ticks_per_second), sink) {
  if (encoder_.pools().empty()) return;
  recording_ = trace_rings.of.update([this](void* now) MILLPOND_INLINED {
    return now == nullptr ? static_cast<void*>(&core_) : now;
  }) == nullptr;
  if (recording_) begin();
}

// The words of what is held are at the start of the room.
TraceEncoder::Setup TraceStream::setUp(std::span<std::byte> room, std::uint32_t ticks_per_second) {
  std::size_t rows = 0;
  for (const PoolState& pool : core_.all()) {
    const PoolId id = core_.idOf(pool);
    pools_[rows++] = {core_.nameOf(id), pool.traits().has(PoolTraits::runs),
                      static_cast<std::uint16_t>(pool.geometry().count()), pool.geometry().blockSize()};
  }
  const std::span<const TraceEncoder::Pool> pools(pools_, rows);
  const std::size_t words = TraceEncoder::heldWords(pools);
  const std::size_t bytes = words * sizeof(std::uint32_t);
  const bool fits = reinterpret_cast<std::uintptr_t>(room.data()) % alignof(std::uint32_t) == 0 &&
                    room.size() >= bytes + TraceEncoder::leastPacket(pools);
  if (!fits) return {};
  return {
      room.subspan(bytes), {reinterpret_cast<std::uint32_t*>(room.data()), words}, pools, ticks_per_second};
}

// What the rings still hold is of an earlier trace.
void TraceStream::begin() {
  for (TraceRing& ring : trace_rings.ring)
    while (ring.oldest() != nullptr) ring.remove();
  lost_before_ = lostEvents();
  time_ = TraceRing::now<Port>();
  encoder_.begin();
  settle();
}

TraceStream::~TraceStream() {
  if (!recording_) return;
  trace_rings.of.store(nullptr);
  drain();
  flush();
}

// The clocks of two cores may differ a little: the trace's time never falls.
void TraceStream::advanceTo(std::uint32_t time) {
  const std::uint32_t ahead = time - static_cast<std::uint32_t>(time_);
  if (static_cast<std::int32_t>(ahead) > 0) time_ += ahead;
}

TraceRing* TraceStream::oldestRing() {
  TraceRing* first = nullptr;
  std::uint32_t earliest = 0;
  for (TraceRing& ring : trace_rings.ring) {
    const TraceRecord* const record = ring.oldest();
    if (record == nullptr) continue;
    const std::uint32_t time = record->time.load();
    if (first != nullptr && static_cast<std::int32_t>(time - earliest) >= 0) continue;
    first = &ring;
    earliest = time;
  }
  return first;
}

std::size_t TraceStream::drain() {
  if (encoder_.pools().empty()) return 0;
  const std::uint32_t now = TraceRing::now<Port>();
  std::size_t events = 0;
  while (TraceRing* const ring = oldestRing()) {
    const TraceRecord* const record = ring->oldest();
    const std::uint32_t time = record->time.load();
    const TraceRecord::Body body = record->body;
    ring->remove();
    take(time, body);
    if (++events == std::size_t{TraceRing::capacity} * TraceRings::cores) break;
  }
  advanceTo(now);
  const std::uint32_t lost = lostEvents();
  if (lost != lost_before_) {
    encoder_.countLost(lost - lost_before_);
    lost_before_ = lost;
    encoder_.flush();
    settle();
  }
  return events;
}

void TraceStream::flush() {
  if (!encoder_.pools().empty()) encoder_.flush();
}

std::uint64_t TraceStream::lost() const { return encoder_.lost(); }

void TraceStream::take(std::uint32_t time, const TraceRecord::Body& body) {
  advanceTo(time);
  const std::uint32_t what = body.parts();
  TraceEntry entry{.kind = static_cast<TraceKind>(what >> TraceRecord::kind_shift),
                   .pool = static_cast<std::uint8_t>(what >> TraceRecord::pool_shift & 7U),
                   .interrupt = (what & TraceRecord::task_bit) == 0,
                   .size = what & TraceRecord::size_mask,
                   .block = body.block()};
  if (entry.kind == TraceKind::source) {
    const std::uint64_t address = std::uint64_t{entry.size} << 32U | body.where;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): put there as one
    announced_ = reinterpret_cast<const char*>(static_cast<std::uintptr_t>(address));
    return;
  }
  entry.source = sourceOf(body.sourceKey(), entry);
  encoder_.add(time_, entry);
}

// Only addresses that the library was given are ever read.
const char* TraceStream::sourceOf(std::uint32_t key, const TraceEntry& entry) const {
  const auto is = [key](const char* source) { return source != nullptr && keyOf(source) == key; };
  for (const char* const source : encoder_.sources())
    if (is(source)) return source;
  if (is(announced_)) return announced_;
  if (entry.kind == TraceKind::allocation || entry.kind == TraceKind::free) {
    const char* const holder = core_.all()[entry.pool].ledger.at(entry.block).source.load();
    return is(holder) ? holder : nullptr;
  }
  const bool of_heap = entry.kind == TraceKind::heap_allocation || entry.kind == TraceKind::heap_free;
  const char* const holder = of_heap ? core_.heap_.at(entry.block).source.load() : nullptr;
  return is(holder) ? holder : nullptr;
}

// Takes over from the pools which blocks are held.
void TraceStream::settle() {
  std::uint8_t row = 0;
  for (const PoolState& pool : core_.all()) {
    std::uint32_t held = 0;
    const std::uint32_t count = pool.geometry().count();
    for (std::uint32_t index = 0; index < count; ++index) {
      held |= (pool.liveAt(index) != 0 ? 1U : 0U) << (index % 32);
      if (index % 32 != 31 && index + 1 != count) continue;
      encoder_.setHeld(row, index / 32 * 32, held);
      held = 0;
    }
    ++row;
  }
  std::uint32_t held = 0;
  for (std::uint32_t index = 0; index < core_.heap_.records(); ++index)
    held |= (HeapFallback::isHeld(core_.heap_.at(index).address.load()) ? 1U : 0U) << index;
  encoder_.setHeld(trace_format::heap, 0, held);
}

#endif

}  // namespace millpond
