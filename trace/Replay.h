// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lab/policies/PoolFile.h"
#include "trace/TraceReader.h"

namespace millpond::trace {

/// What a class of requests got when a trace was replayed.
struct ReplayedClass {
  std::string name;
  std::uint64_t requests = 0;
  /// Requests that the class's pool could not serve.
  std::uint64_t exhausted = 0;
  /// Of them: what the heap could not serve either.
  std::uint64_t refused = 0;
};

/// The outcome of a replay.
struct Replayed {
  std::uint64_t events = 0;
  /// The classes that have a pool.
  std::vector<ReplayedClass> classes;
  /// Bytes that the heap served for them, and the most of them held at once.
  std::uint64_t fallback_bytes = 0;
  std::uint64_t fallback_peak = 0;
};

/// Effect: makes the trace's requests to the library with the pools of `file`, and frees what it frees,
/// with the fallback of `MemoryConfig`'s defaults. A request that the recorded device refused is made as
/// well; nothing holds its block. Throws: `TraceError` for a damaged trace.
Replayed replay(TraceReader& trace, const lab::PoolFile& file);

}  // namespace millpond::trace
