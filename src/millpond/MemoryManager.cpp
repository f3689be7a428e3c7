// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/MemoryManager.h"

#include "millpond/Counter.h"
#include "millpond/Hot.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

namespace {

// The source where there is none, in memory that an interrupt may read.
MILLPOND_HOT_DATA constexpr char nobody[] = "?";

// Whether a block of the pool starts at `pointer`, and which.
MILLPOND_INLINE bool startsIn(const TypedPool& typed, const void* pointer, std::uint32_t& index) {
  const std::uintptr_t at = typed.geometry().indexOf(pointer);
  index = static_cast<std::uint32_t>(at);
  return at < typed.geometry().count();
}

}  // namespace

MemoryManager::MemoryManager(const MemoryConfig& config, const PoolTable& pools, MemoryTables tables,
                             const Heap& heap)
    : config_(config),
      pools_{{{PoolId::audio, pools[0], tables, heap},
              {PoolId::network, pools[1], tables, heap},
              {PoolId::general, pools[2], tables, heap}}},
      heap_(heap, tables.records, static_cast<std::uint32_t>(config.max_heap_blocks),
            static_cast<std::uint32_t>(config.max_heap_allocation)),
      quarantine_(tables.quarantine) {}

MemoryManager::~MemoryManager() {
  for (const TypedPool& typed : pools_) {
    const bool has_region = typed.reclaimable && !typed.released();
    if (has_region) heap().release(heap().context, typed.block(0));
  }
}

// Here and in `deallocate`, whatever is not the plain case is a call in the last place: so the plain case
// saves no registers.

MILLPOND_INLINE void* MemoryManager::serveBlock(std::size_t size, const char* source, PoolId id) {
  if constexpr (!plain_case_apart) return serve(size, source, id, Access::ordinary);
  TypedPool& typed = pool(id);
  const PoolTraits traits = typed.traits();
  const std::uint32_t block_size = typed.geometry().blockSize();
  if (size - 1 < block_size) [[likely]] {  // 0 wraps
    const std::uint32_t index = typed.takeBlock(traits);
    if (index != Pool::none) [[likely]] {
      std::byte* block = typed.block(0) + std::size_t{index} * block_size;
      const bool opened = typed.open(traits, index, block, size, block_size, source);
      return opened ? block : openAnew(id, index);
    }
  }
  return serve(size, source, id, Access::ordinary);
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source) {
  return serveBlock(size, source, PoolId::audio);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source) {
  return serveBlock(size, source, PoolId::network);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source) {
  constexpr PoolId id = PoolId::general;
  if constexpr (!plain_case_apart) return serve(size, source, id, Access::ordinary);
  TypedPool& typed = pool(id);
  const PoolTraits traits = typed.traits();
  if (traits.plain()) [[likely]] {
    const unsigned shift = typed.geometry().shift();
    const std::size_t granules = TypedPool::granulesFor(size, shift);
    const auto [index, left, maybe_peak] = typed.takeRun(granules);
    if (index != Pool::none) [[likely]] {
      if (maybe_peak) [[unlikely]]
        return openAtPeak(size, source, index, left);
      std::byte* block = typed.block(0) + (std::size_t{index} << shift);
      const bool opened = typed.open(traits, index, block, size, granules << shift, source);
      return opened ? block : openAnew(id, index);
    }
  }
  return serve(size, source, id, Access::ordinary);
}

template <class Units>
MILLPOND_INLINE void MemoryManager::freeAt(TypedPool& typed, std::uint32_t index, void* pointer) {
  const PoolTraits traits = typed.traits();
  if (traits.has(PoolTraits::guarded | Units::not_given_plainly)) {
    const bool sound = !traits.has(Units::not_given_plainly) &&
                       typed.isSealed<Units>(traits, index, static_cast<std::byte*>(pointer));
    if (!sound) return freeChecked(pointer);
  }
  if (!typed.givePlainly<Units>(traits, index)) [[unlikely]]
    return freeElsewhere(pointer);
  if (!typed.waiting.empty()) [[unlikely]]
    typed.waiting.wakeFirst();
}

void MemoryManager::deallocate(void* pointer) {
  if constexpr (!plain_case_apart) return freeChecked(pointer);
  TypedPool& audio = pool(PoolId::audio);
  TypedPool& network = pool(PoolId::network);
  TypedPool& general = pool(PoolId::general);
  std::uint32_t index = 0;
  if (startsIn(audio, pointer, index)) return freeAt<BlockPool>(audio, index, pointer);
  if (startsIn(network, pointer, index)) return freeAt<BlockPool>(network, index, pointer);
  if (startsIn(general, pointer, index)) return freeAt<RunPool>(general, index, pointer);
  freeElsewhere(pointer);
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                         Access access) {
  return serveWaiting(size, source, PoolId::audio, timeout_ms, access);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveWaiting(size, source, PoolId::network, timeout_ms, access);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveWaiting(size, source, PoolId::general, timeout_ms, access);
}

[[gnu::noinline]] void* MemoryManager::openAnew(PoolId id, std::uint32_t index) {
  TypedPool& typed = pool(id);
  typed.ledger.carry(index);
  return typed.block(index);
}

void* MemoryManager::openChecked(std::size_t size, const char* source, PoolId id, std::uint32_t index) {
  TypedPool& typed = pool(id);
  const PoolTraits traits = typed.traits();
  if (traits.has(PoolTraits::poisoned)) quarantine_->guard.check(*this, typed, index);
  std::byte* block = typed.block(index);
  const bool opened = typed.open(traits, index, block, size, typed.granted(index), source);
  return opened ? block : openAnew(id, index);
}

[[gnu::noinline]] void* MemoryManager::openAtPeak(std::size_t size, const char* source, std::uint32_t index,
                                                  std::uint32_t left) {
  pool(PoolId::general).notePeak(left);
  return openChecked(size, source, PoolId::general, index);
}

void* MemoryManager::serve(std::size_t size, const char* source, PoolId id, Access access) {
  TypedPool& typed = pool(id);
  std::uint32_t index = Pool::none;
  if (size - 1 < typed.maxRequest()) {
    index = typed.takeAs(size, access);
    if (index == Pool::none) index = takeLast(size, typed);
  }
  return index != Pool::none ? openChecked(size, source, id, index) : serveElsewhere(size, source, typed);
}

void* MemoryManager::serveWaiting(std::size_t size, const char* source, PoolId id, std::uint32_t timeout_ms,
                                  Access access) {
  TypedPool& typed = pool(id);
  const bool may_wait = timeout_ms != 0 && !Port::inInterrupt() && size - 1 < typed.maxRequest();
  if (!may_wait) return serve(size, source, id, access);
  std::uint32_t index = typed.takeAs(size, access);
  if (index == Pool::none) index = waitFor(typed, size, timeout_ms, access);
  return index != Pool::none ? openChecked(size, source, id, index) : serve(size, source, id, access);
}

std::uint32_t MemoryManager::waitFor(TypedPool& typed, std::size_t size, std::uint32_t timeout_ms,
                                     Access access) {
  const std::uint64_t deadline =
      timeout_ms == wait_forever ? UINT64_MAX : Port::micros() + std::uint64_t{timeout_ms} * 1000;
  const Access turn = access == Access::reserved ? access : Access::waiter;
  WaitQueue::Waiter self;
  {
    const port::TaskLock lock(tasks_);
    if (typed.released()) return Pool::none;  // and while somebody waits it is not released
    if (typed.waiting.join(self)) typed.setWaited(true);
  }
  if (quarantine_ != nullptr) quarantine_->guard.endRest(*this);  // from now on no block begins to rest
  std::uint32_t index = Pool::none;
  bool woken = true;
  while (true) {
    if (typed.waiting.isFirst(self)) index = typed.takeAs(size, turn);
    if (index != Pool::none || !woken) break;  // after a time-out: one last look
    woken = self.sleep(deadline);
  }
  const port::TaskLock lock(tasks_);
  if (typed.waiting.leave(self)) typed.setWaited(false);
  return index;
}

// What an ordinary caller does not get: the reserve, in an interrupt; and blocks that rest.
std::uint32_t MemoryManager::takeLast(std::size_t size, TypedPool& typed) {
  const bool interrupt = Port::inInterrupt();
  if (!interrupt && quarantine_ == nullptr) return Pool::none;
  if (quarantine_ != nullptr) quarantine_->guard.endRest(*this);
  return typed.takeAs(size, interrupt ? Access::reserved : Access::ordinary);
}

void* MemoryManager::serveElsewhere(std::size_t size, const char* source, TypedPool& typed) {
  MemoryEvent event{MemoryEvent::Kind::invalid, typed.id, source, size};
  if (size == 0) {
    counter::increment(invalid_);
    tell(event);
    return nullptr;
  }
  const bool fits = size <= typed.maxRequest();
  event.kind = fits ? MemoryEvent::Kind::exhausted : MemoryEvent::Kind::oversize;
  counter::increment(fits ? typed.exhausted : typed.oversize);
  tell(event);

  void* memory = heap_.allocate(size, source);
  event.kind = memory != nullptr ? MemoryEvent::Kind::fallback : MemoryEvent::Kind::refused;
  if (memory != nullptr) counter::increment(typed.fallbacks);
  tell(event);
  return memory;
}

TypedPool* MemoryManager::poolOf(const void* pointer, std::uint32_t& index) {
  for (TypedPool& typed : pools_) {
    if (startsIn(typed, pointer, index)) return &typed;
  }
  return nullptr;
}

// Where a free is a claim, whoever takes the block from its owner is the one that frees it, whatever becomes
// of the pool's memory.
void MemoryManager::freeChecked(void* pointer) {
  std::uint32_t index = 0;
  TypedPool* typed = poolOf(pointer, index);
  if (typed == nullptr || typed->heldAt(index) == 0) return freeElsewhere(pointer);
  const PoolTraits traits = typed->traits();
  if (traits.has(PoolTraits::guarded)) {
    Holding& holding = typed->ledger.at(index).holding;
    const bool mine = traits.has(PoolTraits::claimed) ? holding.claim() : holding.owners() == 1;
    if (!mine) return freeElsewhere(pointer);
  }
  checkSeal(*typed, index);
  if (traits.has(PoolTraits::poisoned)) return quarantine_->guard.rest(*this, *typed, index);
  if (!typed->give(index)) freeElsewhere(pointer);
}

// What is no pool's held block: nullptr, the heap's, or nobody's.
void MemoryManager::freeElsewhere(void* pointer) {
  if (pointer == nullptr) return;
  if (heap_.deallocate(pointer)) {
    heapChanged(0);
  } else {
    reject(pointer);
  }
}

void MemoryManager::reject(const void* pointer) {
  MemoryEvent event{
      .kind = MemoryEvent::Kind::rejected_free, .pool = PoolId::heap, .source = nobody, .pointer = pointer};
  Word* rejected = &heap_rejected_;
  for (TypedPool& typed : pools_) {
    if (!typed.geometry().contains(pointer)) continue;
    event.pool = typed.id;
    event.source = typed.entryAround(pointer).source.load();
    rejected = &typed.rejected;
  }
  counter::increment(*rejected);
  tell(event);
}

void MemoryManager::heapChanged(std::size_t bytes) const {
  MemoryEvent event{MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr, bytes};
  tell(event);
}

void MemoryManager::tell(MemoryEvent& event) const {
  if (event.source == nullptr) event.source = nobody;
  if (observer_ != nullptr) observer_->notify(observer_->context, event);
}

}  // namespace millpond
