// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/MemoryManager.h"

#include "millpond/Counter.h"
#include "millpond/port/TaskLock.h"

namespace millpond {

MemoryManager::MemoryManager(const MemoryConfig& config, const MemoryTables& tables, const Heap& heap)
    : MemoryManager(config, config.pools(), tables, heap) {}

MemoryManager::MemoryManager(const MemoryConfig& config, const PoolTable& pools, MemoryTables tables,
                             const Heap& heap)
    : config_(config),
      audio_(pools[0], config.guards, tables, heap),
      network_(pools[1], config.guards, tables, heap),
      general_(pools[2], config.guards, tables, heap),
      heap_(heap, tables.records, static_cast<std::uint32_t>(config.max_heap_blocks),
            static_cast<std::uint32_t>(config.max_heap_allocation)),
      quarantine_(tables.quarantine) {}

MemoryManager::~MemoryManager() {
  forEach([this](PoolId id, const auto& typed) {
    const bool has_region = isReclaimable(id) && !typed.released();
    if (has_region) heap().release(heap().context, typed.block(0));
  });
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source) {
  return serve(PoolId::audio, audio_, size, source);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source) {
  return serve(PoolId::network, network_, size, source);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source) {
  return serve(PoolId::general, general_, size, source);
}

void* MemoryManager::allocateAudioBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                         Access access) {
  return serveAs(PoolId::audio, audio_, size, source, timeout_ms, access);
}

void* MemoryManager::allocateNetworkBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveAs(PoolId::network, network_, size, source, timeout_ms, access);
}

void* MemoryManager::allocateGeneralBuffer(std::size_t size, const char* source, std::uint32_t timeout_ms,
                                           Access access) {
  return serveAs(PoolId::general, general_, size, source, timeout_ms, access);
}

// Here and in `deallocate`, whatever is not the plain case is a call in the last place: so the plain case
// saves no registers.
template <class Pool>
inline void* MemoryManager::serve(PoolId id, TypedPool<Pool>& typed, std::size_t size, const char* source) {
  if (size - 1 >= typed.pool.maxRequest()) [[unlikely]]
    return serveElsewhere(id, size, source);  // 0 wraps
  if (!typed.pool.plain()) [[unlikely]]
    return serveAs(id, typed, size, source, 0, Access::ordinary);
  const std::uint32_t index = typed.pool.takePlainlyFor(size);
  if (index == Pool::none) [[unlikely]]
    return serveElsewhere(id, size, source);
  return open(id, typed, index, size, source);
}

template <class Pool>
inline void* MemoryManager::open(PoolId id, TypedPool<Pool>& typed, std::uint32_t index, std::size_t size,
                                 const char* source) {
  if (typed.care.any()) return openWatched(id, typed, index, size, source);
  if (!typed.ledger.open(index, static_cast<std::uint32_t>(size), source)) [[unlikely]] {
    return openCarrying(typed, index);
  }
  return typed.block(index);
}

template <class Pool>
[[gnu::noinline]] void* MemoryManager::openCarrying(TypedPool<Pool>& typed, std::uint32_t index) {
  typed.ledger.carry(index);
  return typed.block(index);
}

template <class Pool>
[[gnu::noinline]] void* MemoryManager::openWatched(PoolId id, TypedPool<Pool>& typed, std::uint32_t index,
                                                   std::size_t size, const char* source) {
  if (typed.care.poisons()) [[unlikely]]
    checkPoison(id, typed, index);
  std::byte* block = typed.block(index);
  if (typed.care.watches()) guard::seal(block, size, typed.granted(index));
  if (!typed.ledger.open(index, static_cast<std::uint32_t>(size), source)) [[unlikely]] {
    return openCarrying(typed, index);
  }
  return block;
}

template <class Pool>
void* MemoryManager::serveAs(PoolId id, TypedPool<Pool>& typed, std::size_t size, const char* source,
                             std::uint32_t timeout_ms, Access access) {
  if (size - 1 < typed.pool.maxRequest()) {
    std::uint32_t index = typed.pool.takeFor(size, access);
    const bool may_wait = timeout_ms != 0 && !Port::inInterrupt() && !typed.released();
    if (index == Pool::none && may_wait) index = waitFor(typed, size, timeout_ms, access);
    if (index != Pool::none) return open(id, typed, index, size, source);
  }
  return serveElsewhere(id, size, source);
}

template <class Pool>
std::uint32_t MemoryManager::waitFor(TypedPool<Pool>& typed, std::size_t size, std::uint32_t timeout_ms,
                                     Access access) {
  const std::uint64_t deadline =
      timeout_ms == wait_forever ? UINT64_MAX : Port::micros() + std::uint64_t{timeout_ms} * 1000;
  const Access turn = access == Access::reserved ? access : Access::waiter;
  WaitQueue::Waiter self;
  {
    const port::TaskLock lock(tasks_);
    if (typed.waiting.join(self)) typed.pool.setWaited(true);
  }
  std::uint32_t index = Pool::none;
  bool woken = true;
  while (true) {
    if (typed.waiting.isFirst(self)) index = typed.pool.takeFor(size, turn);
    if (index != Pool::none || !woken) break;  // after a time-out: one last look
    woken = self.sleep(deadline);
  }
  const port::TaskLock lock(tasks_);
  if (typed.waiting.leave(self)) typed.pool.setWaited(false);
  return index;
}

void* MemoryManager::serveElsewhere(PoolId id, std::size_t size, const char* source) {
  if (size == 0) {
    counter::increment(invalid_);
    tell({MemoryEvent::Kind::invalid, id, source});
    return nullptr;
  }
  const bool fits = with(id, [size](const auto& typed) { return size <= typed.pool.maxRequest(); });
  if (fits) {
    if (void* block = serveLast(id, size, source)) return block;
  }
  with(id, [fits](auto& typed) { counter::increment(fits ? typed.exhausted : typed.oversize); });
  tell({fits ? MemoryEvent::Kind::exhausted : MemoryEvent::Kind::oversize, id, source, size});

  void* memory = heap_.allocate(size, source);
  if (memory != nullptr) with(id, [](auto& typed) { counter::increment(typed.fallbacks); });
  tell({memory != nullptr ? MemoryEvent::Kind::fallback : MemoryEvent::Kind::refused, id, source, size});
  return memory;
}

// What an ordinary caller does not get: the reserve, in an interrupt; and blocks that rest.
void* MemoryManager::serveLast(PoolId id, std::size_t size, const char* source) {
  const bool interrupt = Port::inInterrupt();
  if (!interrupt && quarantine_ == nullptr) return nullptr;
  if (quarantine_ != nullptr) {
    for (std::uint32_t place = 0; place < Quarantine::places; ++place) endRest(quarantine_->take(place));
  }
  return with(id, [&](auto& typed) -> void* {
    const std::uint32_t index = typed.pool.takeFor(size, interrupt ? Access::reserved : Access::ordinary);
    return index == BlockPool::none ? nullptr : open(id, typed, index, size, source);
  });
}

void MemoryManager::deallocate(void* pointer) {
  const std::uintptr_t in_audio = audio_.geometry().indexOf(pointer);
  if (in_audio < audio_.geometry().count()) return freeAt(PoolId::audio, audio_, in_audio, pointer);
  const std::uintptr_t in_network = network_.geometry().indexOf(pointer);
  if (in_network < network_.geometry().count()) return freeAt(PoolId::network, network_, in_network, pointer);
  const std::uintptr_t in_general = general_.geometry().indexOf(pointer);
  if (in_general < general_.geometry().count()) return freeAt(PoolId::general, general_, in_general, pointer);
  freeElsewhere(pointer);
}

template <class Pool>
inline void MemoryManager::freeAt(PoolId id, TypedPool<Pool>& typed, std::uintptr_t at, void* pointer) {
  const auto index = static_cast<std::uint32_t>(at);
  if (typed.care.any()) return freeWatched(id, typed, index, pointer);
  if (!typed.pool.give(index)) [[unlikely]]
    return freeElsewhere(pointer);
  if (!typed.waiting.empty()) [[unlikely]]
    typed.waiting.wakeFirst();
}

template <class Pool>
[[gnu::noinline]] void MemoryManager::freeWatched(PoolId id, TypedPool<Pool>& typed, std::uint32_t index,
                                                  void* pointer) {
  if (typed.care.claims()) return freeClaimed(id, typed, index, pointer);
  const std::uint32_t units = typed.pool.heldAt(index);
  const Holding& holding = typed.ledger.at(index).holding;
  if (units == 0 || holding.owners() > 1) [[unlikely]]
    return freeElsewhere(pointer);
  const std::size_t granted = std::size_t{units} * typed.geometry().blockSize();
  if (!guard::isSealed(static_cast<std::byte*>(pointer), holding.size(), granted)) [[unlikely]] {
    checkSeal(id, typed, index);
  }
  if (!typed.pool.give(index)) [[unlikely]]
    return freeElsewhere(pointer);
  if (!typed.waiting.empty()) [[unlikely]]
    typed.waiting.wakeFirst();
}

// What is no pool's held block: nullptr, the heap's, or nobody's.
void MemoryManager::freeElsewhere(void* pointer) {
  if (pointer == nullptr) return;
  if (heap_.deallocate(pointer)) {
    tell({MemoryEvent::Kind::heap_changed, PoolId::heap, nullptr});
  } else {
    reject(pointer);
  }
}

void MemoryManager::reject(const void* pointer) {
  const bool in_pool = anyOf([&](PoolId id, auto& typed) {
    if (!typed.geometry().contains(pointer)) return false;
    counter::increment(typed.rejected);
    const char* holder = typed.ledger.at(typed.pool.startAround(pointer)).source.load();
    tell({.kind = MemoryEvent::Kind::rejected_free, .pool = id, .source = holder, .pointer = pointer});
    return true;
  });
  if (in_pool) return;
  counter::increment(heap_rejected_);
  tell({.kind = MemoryEvent::Kind::rejected_free,
        .pool = PoolId::heap,
        .source = nullptr,
        .pointer = pointer});
}

void MemoryManager::tell(const MemoryEvent& event) const {
  if (observer_ == nullptr) return;
  MemoryEvent shown = event;
  if (shown.source == nullptr) shown.source = "?";
  observer_->notify(observer_->context, shown);
}

}  // namespace millpond
