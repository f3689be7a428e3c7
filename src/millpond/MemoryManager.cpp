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

// A block of a pool, and the pool's traits.
struct Place {
  std::uint32_t index;
  PoolTraits traits;
};

// Whether a block of the pool starts at `pointer`, and which.
MILLPOND_INLINE bool startsIn(const TypedPool& typed, const void* pointer, Place& place) {
  const auto [index, word] = typed.geometry().placeOf(pointer);
  place = {static_cast<std::uint32_t>(index), PoolTraits(word)};
  return index < place.traits.count();
}

}  // namespace

MemoryManager::MemoryManager(const ManagerSetup& setup, MemoryTables&& tables, const Heap& heap)
    : setup_(&setup),
      quarantine_(tables.quarantine),
      guard_(setup.guard),
      pools_{{{setup.pools[0], guard_, tables},
              {setup.pools[1], guard_, tables},
              {setup.pools[2], guard_, tables}}},
      heap_(heap, setup.heap, tables.records) {}

// Here and in `deallocate`, whatever is not the plain case is a call in the last place: so the plain case
// saves no registers.

MILLPOND_INLINE void* MemoryManager::serveBlock(std::size_t size, const char* source, PoolId id) {
  TypedPool& typed = pool(id);
  if constexpr (!plain_case_apart) return serve(size, source, {Access::ordinary, id});
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
  return serve(size, source, {Access::ordinary, id});
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source) {
  return serveBlock(size, source, PoolId::audio);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source) {
  return serveBlock(size, source, PoolId::network);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source) {
  constexpr PoolId id = PoolId::general;
  TypedPool& typed = pool(id);
  if constexpr (!plain_case_apart) return serve(size, source, {Access::ordinary, id});
  const PoolTraits traits = typed.traits();
  if (traits.plain()) [[likely]] {
    const unsigned shift = traits.shift();
    const std::size_t granules = TypedPool::granulesFor(size, shift);
    const auto run = typed.takeRun(traits, granules);
    if (run.first != Pool::none) [[likely]] {
      std::byte* block = typed.block(0) + (std::size_t{run.first} << shift);
      const bool opened = typed.open(traits, run.first, block, size, granules << shift, source);
      return opened && !run.mayBePeak() ? block : openAtPeak(run.first, run.left);
    }
  }
  return serve(size, source, {Access::ordinary, id});
}

template <class Units>
MILLPOND_INLINE void MemoryManager::freeAt(TypedPool& typed, PoolTraits traits, std::uint32_t index,
                                           void* pointer) {
  if (traits.has(PoolTraits::guarded | Units::not_given_plainly)) {
    const bool sound = !traits.has(Units::not_given_plainly) &&
                       typed.closeSealed<Units>(traits, index, static_cast<std::byte*>(pointer));
    if (!sound) return freeChecked(pointer);
  }
  if (!typed.givePlainly<Units>(traits, index)) [[unlikely]]
    return freeElsewhere(pointer);
  if (!typed.waiting.empty()) [[unlikely]]
    typed.wakeFirst();
}

void MemoryManager::deallocate(void* pointer) {
  if constexpr (!plain_case_apart) return freeChecked(pointer);
  TypedPool& audio = pool(PoolId::audio);
  TypedPool& network = pool(PoolId::network);
  TypedPool& general = pool(PoolId::general);
  Place place{};
  if (startsIn(audio, pointer, place)) return freeAt<BlockPool>(audio, place.traits, place.index, pointer);
  if (startsIn(network, pointer, place))
    return freeAt<BlockPool>(network, place.traits, place.index, pointer);
  if (startsIn(general, pointer, place)) return freeAt<RunPool>(general, place.traits, place.index, pointer);
  freeElsewhere(pointer);
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                         Access access) {
  return serveWaiting(size, source, timeout_ms, {access, PoolId::audio});
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveWaiting(size, source, timeout_ms, {access, PoolId::network});
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveWaiting(size, source, timeout_ms, {access, PoolId::general});
}

[[gnu::noinline]] void* MemoryManager::openAnew(PoolId id, std::uint32_t index) {
  TypedPool& typed = pool(id);
  typed.ledger.carry(index);
  return typed.block(index);
}

void* MemoryManager::openChecked(std::size_t size, const char* source, TypedPool& typed,
                                 std::uint32_t index) {
  if (typed.traits().has(PoolTraits::watched)) guard_->onTake(*this, typed, index, size);
  if (!typed.ledger.open(index, static_cast<std::uint32_t>(size), source)) typed.ledger.carry(index);
  return typed.block(index);
}

[[gnu::noinline]] void* MemoryManager::openAtPeak(std::uint32_t index, std::uint32_t left) {
  TypedPool& typed = pool(PoolId::general);
  typed.notePeak(left, index);
  if (typed.ledger.at(index).generation.load() == 0) typed.ledger.carry(index);
  return typed.block(index);
}

[[gnu::noinline]] void* MemoryManager::serve(std::size_t size, const char* source, About<Access> access) {
  using Kind = MemoryEvent::Kind;
  TypedPool& typed = pool(access.pool());
  const Access rights = rightsOf(access.what());
  Kind why = size == 0 ? Kind::invalid : Kind::oversize;
  if (size - 1 < typed.maxRequest(rights)) {  // 0 wraps
    const std::uint32_t index = takeRested(typed, size, rights);
    if (index != Pool::none) return openChecked(size, source, typed, index);
    why = Kind::exhausted;
  }
  return serveElsewhere(size, source, {why, access.pool()});
}

std::uint32_t MemoryManager::takeRested(TypedPool& typed, std::size_t size, Access rights) {
  std::uint32_t index = typed.takeAs(size, rights);
  if (index == Pool::none && quarantine_ != nullptr) {
    endRest();
    index = typed.takeAs(size, rights);
  }
  return index;
}

void* MemoryManager::serveWaiting(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                  About<Access> access) {
  TypedPool& typed = pool(access.pool());
  if (timeout_ms != 0 && !Port::inInterrupt() && size - 1 < typed.maxRequest(access.what())) {
    std::uint32_t index = typed.takeAs(size, access.what());
    if (index == Pool::none) {
      WaitQueue::Waiter self(size, access.what(), timeout_ms);
      index = waitAs(self, typed);
    }
    if (index != Pool::none) return openChecked(size, source, typed, index);
  }
  return serve(size, source, access);
}

std::uint32_t MemoryManager::waitAs(WaitQueue::Waiter& self, TypedPool& typed) {
  {
    const port::TaskLock lock(tasks_);
    if (typed.released()) return Pool::none;  // and while somebody waits it is not released
    typed.waiting.join(self);
  }
  endRest();  // from now on no block begins to rest
  while (true) {
    {
      const port::TaskLock lock(tasks_);
      self.beginTurn();
      typed.serveWaiting();
      if (self.served() != Pool::none) return self.served();
      if (self.late()) {
        typed.giveUp(self);
        return Pool::none;
      }
    }
    self.sleep();
  }
}

void* MemoryManager::serveElsewhere(std::size_t size, const char* source, About<MemoryEvent::Kind> why) {
  using Kind = MemoryEvent::Kind;
  TypedPool& typed = pool(why.pool());
  if (why.what() == Kind::invalid) {
    counter::increment(invalid_);
    tellOf(why, source, size);
    return nullptr;
  }
  counter::increment(why.what() == Kind::exhausted ? typed.exhausted : typed.oversize);
  tellMoved(why, source, size);

  void* memory = heap_.allocate(size, source);
  if (memory != nullptr) counter::increment(typed.fallbacks);
  tellMoved({memory != nullptr ? Kind::fallback : Kind::refused, why.pool()}, source, size);
  return memory;
}

TypedPool* MemoryManager::poolOf(const void* pointer, std::uint32_t& index) {
  for (TypedPool& typed : pools_) {
    Place place{};
    if (!startsIn(typed, pointer, place)) continue;
    index = place.index;
    return &typed;
  }
  return nullptr;
}

[[gnu::noinline]] void MemoryManager::freeChecked(void* pointer) {
  std::uint32_t index = 0;
  TypedPool* typed = poolOf(pointer, index);
  if (typed == nullptr) return freeElsewhere(pointer);
  if (!freeIn(*typed, index, pointer)) reject(pointer);
}

bool MemoryManager::freeIn(TypedPool& typed, std::uint32_t index, void* block) {
  return typed.traits().has(PoolTraits::guarded) ? guard_->onFree(*this, typed, index, block)
                                                 : typed.give(index);
}

// What starts no pool's block: nullptr, the heap's, or nobody's.
[[gnu::noinline]] void MemoryManager::freeElsewhere(void* pointer) {
  if (pointer == nullptr) return;
  if (!heap_.deallocate(pointer)) return reject(pointer);
  if (!Port::inInterrupt()) heapChanged(0);  // else it has not changed yet
}

void MemoryManager::reject(const void* pointer) {
  MemoryEvent event{.source = nobody, .pointer = pointer, .kind = MemoryEvent::Kind::rejected_free};
  Word* rejected = &heap_rejected_;
  for (std::size_t id = 0; id < typed_pools; ++id) {
    TypedPool& typed = pools_[id];
    if (!typed.geometry().contains(pointer)) continue;
    event.pool = static_cast<PoolId>(id);
    event.source = typed.entryAround(pointer).source.load();
    rejected = &typed.rejected;
  }
  counter::increment(*rejected);
  tell(event);
}

void MemoryManager::heapChanged(std::size_t bytes) const {
  tellMoved({MemoryEvent::Kind::heap_changed, PoolId::heap}, nullptr, bytes);
}

// In the last place, so that the event is off the stack by then.
[[gnu::noinline]] void MemoryManager::tellMoved(About<MemoryEvent::Kind> what, const char* source,
                                                std::size_t size) const {
  tellOf(what, source, size);
  const MemoryObserver* observer = observer_.loadOrdered();
  if (observer != nullptr && observer->moved != nullptr) observer->moved(observer->context);
}

[[gnu::noinline]] void MemoryManager::tellOf(About<MemoryEvent::Kind> what, const char* source,
                                             std::size_t size) const {
  MemoryEvent event{.source = source, .size = size, .kind = what.what(), .pool = what.pool()};
  tell(event);
}

[[gnu::noinline]] void MemoryManager::tell(MemoryEvent& event) const {
  if (event.source == nullptr) event.source = nobody;
  const MemoryObserver* observer = observer_.loadOrdered();
  if (observer != nullptr) observer->notify(observer->context, event);
}

}  // namespace millpond
