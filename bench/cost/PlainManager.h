// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/MemoryManager.h"

namespace millpond::bench {

/// The memory manager's pool path and nothing else: the same three pools and ledgers, found in the same
/// order, without guards, waiting, reserves, sharing, reclaim, fallback and events. What those cost is the
/// difference.
class PlainManager {
 public:
  explicit PlainManager(MemoryTables tables);

  void* allocateAudioBuffer(std::size_t size, const char* source);
  bool deallocate(void* pointer);

 private:
  /// A pool of up to 1024 blocks that looks for nobody who might have a claim on one.
  struct Blocks : BlockPool {
    using BlockPool::BlockPool;
    std::uint32_t take() { return size().has(PoolTraits::many) ? takeFromMany(*this) : takePlainly(*this); }
    bool give(const void* pointer) {
      const std::uintptr_t index = geometry().indexOf(pointer);
      return index < geometry().count() && givePlainly(*this, size(), static_cast<std::uint32_t>(index));
    }

   private:
    PoolTraits size() const { return traits(); }
  };
  struct Runs : RunPool {
    using RunPool::RunPool;
    bool give(const void* pointer) { return deallocate(pointer); }
  };

  template <class Pool>
  struct Plain {
    Plain(const PoolSpec& spec, MemoryTables& tables);
    Pool pool;
    Ledger ledger;
  };

  Plain<Blocks> audio_;
  Plain<Blocks> network_;
  Plain<Runs> general_;
};

}  // namespace millpond::bench
