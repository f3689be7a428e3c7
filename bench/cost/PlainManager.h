// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/BlockPool.h"
#include "millpond/MemoryManager.h"
#include "millpond/RunPool.h"

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
  template <class Pool>
  struct Plain {
    Plain(const PoolSpec& spec, MemoryTables& tables);
    Pool pool;
    Ledger ledger;
  };

  Plain<BlockPool> audio_;
  Plain<BlockPool> network_;
  Plain<RunPool> general_;
};

}  // namespace millpond::bench
