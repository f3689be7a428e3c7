// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A million operations of the streamer's workload, or as many as the emulator says, with a timer interrupt
// every few dozen instructions that takes and gives blocks of the same pools; each result is compared with a
// reference model.
#include <optional>

#include "board/Board.h"
#include "board/Console.h"
#include "millpond/MemoryManager.h"
#include "soak/Model.h"
#include "soak/Workload.h"

namespace {

using millpond::MemoryManager;
using soak::Kind;
using soak::Model;
using soak::Owner;

/// What the emulator was told, which is in the word above the stack, or a million.
std::uint32_t operationsToDo() {
  const std::uint32_t told = *reinterpret_cast<const std::uint32_t*>(board::__stack_top);
  return told != 0 ? told : 1'000'000;
}

constexpr millpond::MemoryConfig config{};

/// A heap that takes a few instructions, so that interrupts come inside the library and not inside the heap.
class QuickHeap {
 public:
  const millpond::Heap& heap() const { return heap_; }

 private:
  struct Chunk {
    alignas(16) std::array<std::byte, 20480> bytes;
    Chunk* next = nullptr;
  };

  static void* allocate(void* context, std::size_t bytes, std::size_t /*alignment: up to a chunk's*/) {
    auto& self = *static_cast<QuickHeap*>(context);
    Chunk* const chunk = self.returned_;
    if (bytes > sizeof(chunk->bytes)) return nullptr;
    if (chunk == nullptr) return self.used_ < self.chunks_.size() ? &self.chunks_[self.used_++] : nullptr;
    self.returned_ = chunk->next;
    return chunk;
  }
  static void release(void* context, void* memory, std::size_t /*bytes*/) {
    auto& self = *static_cast<QuickHeap*>(context);
    auto* chunk = static_cast<Chunk*>(memory);
    chunk->next = self.returned_;
    self.returned_ = chunk;
  }

  std::array<Chunk, config.max_heap_blocks> chunks_;
  std::size_t used_ = 0;
  Chunk* returned_ = nullptr;
  millpond::Heap heap_{.allocate = allocate, .release = release, .context = this};
};
QuickHeap quick_heap;

millpond::StaticMemoryManager<config> memory{quick_heap.heap()};
std::optional<Model> model;

std::uint32_t operations = 0;
std::uint32_t mismatches = 0;
volatile std::uint32_t interrupts = 0;
std::uint32_t interrupts_inside = 0;
std::uint32_t interrupt_operations = 0;
volatile bool inside = false;

/// A block as its holder knows it. Its first and its last word say whose it is.
struct Held {
  void* pointer = nullptr;
  std::uint32_t size = 0;
  std::uint32_t tag = 0;
  Kind kind{};
};

void expect(bool holds, const char* what) {
  if (holds) return;
  if (++mismatches <= 10) console::print("mismatch after ", operations, " operations: ", what, "\n");
}

std::uint32_t* lastWord(const Held& held) {
  return reinterpret_cast<std::uint32_t*>(static_cast<std::byte*>(held.pointer) + (held.size & ~3U) - 4);
}

void mark(const Held& held) {
  *static_cast<std::uint32_t*>(held.pointer) = held.tag;
  *lastWord(held) = held.tag;
}

bool isMarked(const Held& held) {
  return *static_cast<std::uint32_t*>(held.pointer) == held.tag && *lastWord(held) == held.tag;
}

void* allocate(Kind kind, std::uint32_t size, const char* source) {
  switch (kind) {
    case Kind::audio:
      return memory.allocateAudioBuffer(size, source);
    case Kind::network:
      return memory.allocateNetworkBuffer(size, source);
    case Kind::general:
      return memory.allocateGeneralBuffer(size, source);
  }
  return nullptr;
}

/// Effect: writes down that `owner` has what was just allocated. Returns: whether it is a pool's block.
bool own(const Held& held, Owner owner) {
  Model::Pool& pool = model->of(held.kind);
  const std::uint32_t block = pool.at(held.pointer);
  if (block == Model::none) return false;
  const std::uint32_t length = pool.length(held.size);
  expect(pool.isFree(block, length), "a block with two owners");
  pool.set(block, length, owner);
  mark(held);
  return true;
}

void disown(const Held& held, Owner owner) {
  Model::Pool& pool = model->of(held.kind);
  const std::uint32_t block = pool.at(held.pointer);
  expect(isMarked(held), "a block that somebody else wrote to");
  if (block == Model::none) return;
  const std::uint32_t length = pool.length(held.size);
  for (std::uint32_t at = block; at < block + length; ++at) {
    expect(pool.owners[at] == owner, "a block of somebody else");
  }
  pool.set(block, length, Owner::nobody);
}

/// The interrupt: one of its four places in turn is filled or emptied.
struct Interrupt {
  soak::Random random{0x1234567};
  std::array<Held, 4> places;

  void run() {
    Held& place = places[random.below(places.size())];
    ++interrupt_operations;
    if (place.pointer != nullptr) {
      disown(place, Owner::interrupt);
      memory.deallocate(place.pointer);
      place.pointer = nullptr;
      return;
    }
    const auto kind = static_cast<Kind>(random.below(3));
    const Held held{nullptr, kind == Kind::general ? random.between(4, 1024) : 4096U, random.next(), kind};
    place = held;
    place.pointer = allocate(kind, held.size, "interrupt");
    if (place.pointer != nullptr) expect(own(place, Owner::interrupt), "the heap's memory in an interrupt");
  }
};
Interrupt interrupt;

/// How many instructions the way back from an interrupt takes: a delay below that ends in the next interrupt
/// before the task comes on.
std::uint32_t way_back = 0;

volatile std::uint32_t task_steps = 0;

/// Effect: makes `way_back` longer until the task makes a step between one interrupt and the next.
void calibrate() {
  static std::uint32_t seen = 0;
  way_back = 1;
  board::setTimerHandler([] {
    const bool stands_still = task_steps == seen;
    seen = task_steps;
    if (stands_still) ++way_back;
    if (stands_still || task_steps < 100) board::interruptAfter(way_back);
  });
  board::interruptAfter(100);
  while (task_steps < 200) task_steps = task_steps + 1;
}

void onTimer() {
  interrupts = interrupts + 1;
  if (inside) ++interrupts_inside;
  interrupt.run();
  if (inside) board::interruptAfter(way_back + interrupt.random.below(128));
}

soak::Random phases{0xFEED};

/// Calls `operation` with the note that an interrupt now comes inside the library. Returns: its result, and
/// in `alone` whether no interrupt came since `before`.
template <class Operation>
auto inLibrary(std::uint32_t before, bool& alone, Operation operation) {
  inside = true;
  board::interruptAfter(phases.below(128));
  auto result = operation();
  inside = false;
  board::stopTimer();
  alone = interrupts == before;
  return result;
}

/// What the task holds of the heap.
std::uint32_t heap_bytes = 0;
std::uint32_t heap_blocks = 0;

void checkServed(const Held& held, bool from_pool, std::uint32_t expected, bool alone) {
  const Model::Pool& pool = model->of(held.kind);
  // Where nobody came between, the model knows which block it must be.
  if (alone && expected != Model::none) {
    expect(held.pointer == pool.address(expected), "not the lowest block that is free");
  }
  if (alone && expected == Model::none) expect(!from_pool, "a block that is not free");
  if (from_pool) return;
  const bool heap_has_room =
      heap_bytes + held.size <= config.max_heap_allocation && heap_blocks < config.max_heap_blocks;
  expect((held.pointer != nullptr) == heap_has_room, "the heap's cap is not where it should be");
}

void take(soak::Calendar<Held>& calendar, const soak::Request& request, std::uint32_t tag) {
  Held held{nullptr, request.size, tag, request.kind};
  const Model::Pool& pool = model->of(held.kind);
  const std::uint32_t before = interrupts;
  const std::uint32_t expected = pool.lowest(pool.length(held.size));
  bool alone = false;
  held.pointer = inLibrary(before, alone, [&] { return allocate(held.kind, held.size, "task"); });
  ++operations;
  const bool from_pool = held.pointer != nullptr && own(held, Owner::task);
  checkServed(held, from_pool, expected, alone);
  if (held.pointer == nullptr) return;
  if (!from_pool) {
    heap_bytes += held.size;
    ++heap_blocks;
    mark(held);
  }
  calendar.add(held, request.lifetime);
}

std::uint32_t bad_frees = 0;

/// Effect: a free that is wrong, now and then, and must change nothing: of an interior pointer, or, with
/// nobody able to take the block between the two, a second one.
void giveTwice(const Held& held) {
  memory.deallocate(static_cast<std::byte*>(held.pointer) + 4);
  const millpond::Port::Critical masked;
  memory.deallocate(held.pointer);
  memory.deallocate(held.pointer);
  bad_frees += 2;
  ++operations;
}

void give(const Held& held) {
  const bool from_pool = model->of(held.kind).at(held.pointer) != Model::none;
  disown(held, Owner::task);
  if (from_pool && (held.tag & 15U) == 0) return giveTwice(held);
  bool alone = false;
  inLibrary(0, alone, [&] {
    memory.deallocate(held.pointer);
    return 0;
  });
  ++operations;
  if (from_pool) return;
  heap_bytes -= held.size;
  --heap_blocks;
}

void checkEmpty() {
  const millpond::MemoryStats stats = memory.stats();
  for (const millpond::PoolStats* pool : {&stats.audio, &stats.network, &stats.general, &stats.heap}) {
    expect(pool->in_use == 0, "something is still held");
    expect(pool->allocations == pool->frees, "allocations and frees differ");
    expect(pool->allocations > 1000, "a pool was hardly used");
  }
  const std::uint64_t rejected = stats.audio.rejected + stats.network.rejected + stats.general.rejected;
  expect(rejected == bad_frees && stats.heap.rejected == 0, "a free was refused, or a bad one was not");
  expect(stats.guard_violations == 0, "a guard violation");
}

}  // namespace

int board::firmwareMain() {
  const std::uint32_t to_do = operationsToDo();
  model.emplace(memory);
  calibrate();
  static soak::Calendar<Held> calendar;
  soak::Workload workload(0x2026);
  soak::Random tags(77);
  board::setTimerHandler(onTimer);
  while (operations < to_do) {
    calendar.advance(give);
    const soak::Request request = workload.next();
    if (!calendar.full()) take(calendar, request, tags.next());
  }
  for (std::uint32_t day = 0; day < 64; ++day) calendar.advance(give);
  board::setTimerHandler(nullptr);
  for (Held& place : interrupt.places) {
    if (place.pointer != nullptr) disown(place, Owner::interrupt);
    memory.deallocate(place.pointer);
  }
  checkEmpty();
  console::print("soak: ", operations, " operations, ", interrupts, " interrupts, ", interrupts_inside,
                 " interrupts inside the allocator, ", interrupt_operations, " operations of interrupts, ",
                 mismatches, " mismatches\n");
  return mismatches == 0 && interrupts_inside > 1000 ? 0 : 1;
}
