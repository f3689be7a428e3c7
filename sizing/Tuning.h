// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sizing/Extrapolation.h"
#include "sizing/Survey.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// What to tune for.
struct TuningGoal {
  /// Without one, the answer holds for the traces alone.
  std::optional<Horizon> horizon{};
  /// The most blocks that a source can ever hold at once, as its firmware guarantees, by its name.
  std::map<std::string, std::uint32_t> at_most{};
  /// The fewest blocks that the counters of other devices ask for, by the name of the pool.
  std::map<std::string, std::uint32_t> live{};
  /// The most bytes that the pools may take.
  std::optional<std::uint64_t> budget{};
  /// What block sizes are multiples of, in bytes: an alignment that every platform has.
  std::uint32_t alignment = 16;
  /// Called now and then with the finished share, 0 to 1; may be empty.
  std::function<void(double)> progress{};
};

/// What a number of blocks costs.
struct FrontPoint {
  std::uint32_t blocks = 0;
  /// Requests that it would have refused over all traces.
  std::uint64_t refused = 0;
  /// How long the pool lasts while nothing is given back, at the usual rate and level of requests, in
  /// seconds.
  double outage_s = 0;
};

/// A pool that the devices have, and what it should be.
struct TunedPool {
  PoolSize present;
  PoolSize answer;
  /// The least that serves the traces.
  PoolSize least;
  /// Why the least is the least, or how far that was proven.
  std::string proof;
  /// What lies beyond the traces, if there is a horizon; and the blocks set apart, which it does not include.
  std::optional<Extrapolation> guess;
  std::uint32_t set_apart = 0;
  /// The blocks of sources with a declared bound, if that gave the answer.
  std::optional<std::uint32_t> bounded;
  /// From 0 blocks to some more than the answer, with the answer's block size.
  std::vector<FrontPoint> front;
  /// How often demand rose above each level, over all traces.
  std::vector<std::uint64_t> crossings;
  /// Who held how many blocks at the highest peak; on which device, and how long after its trace began.
  std::map<std::string, std::uint32_t> holders_at_peak;
  std::size_t peak_device = 0;
  double peak_s = 0;
  /// Bytes that requests of each source left unused in their blocks, on average over time, by its name.
  std::map<std::string, double> waste;
};

/// A pool that the devices do not have.
struct PossiblePool {
  /// The class of its requests, and the least and the most bytes of them.
  std::string of;
  std::uint32_t from_bytes = 0;
  PoolSize size;
  /// The most bytes that its requests held at once.
  std::uint64_t peak_bytes = 0;
  /// Whether it takes hardly more than the heap would: else its requests are better left there.
  bool pays = false;
};

struct Abstention {
  std::string pool;
  std::string why;
  /// 0 if no length would do.
  double length_needed_s = 0;
};

/// A source that never gave back what it took.
struct FoundLeak {
  std::string pool;
  std::string source;
  std::uint32_t blocks = 0;
};

/// All pools with some number of blocks each.
struct FrontRow {
  std::uint64_t bytes = 0;
  double refused_a_day = 0;
  /// The seconds of an outage that the pools of blocks take, one after the other.
  double outage_s = 0;
  std::vector<std::uint32_t> blocks;
};

/// The answer.
struct Tuning {
  std::vector<TunedPool> pools;
  std::vector<PossiblePool> possible;
  std::vector<Abstention> abstained;
  std::vector<FoundLeak> leaks;
  /// Sources that requested too seldom, or on too few devices, for a word about their future.
  std::vector<std::string> unseen;
  std::vector<std::string> hints;
  std::vector<FrontRow> front;
  std::uint64_t bytes = 0;
  std::uint64_t least_bytes = 0;
  std::uint64_t present_bytes = 0;
  /// Requests that the real library refused with the answer and with the present pools.
  std::uint64_t refused_in_replay = 0;
  std::uint64_t present_refused = 0;
  /// The most bytes that the requests to the pools held at once.
  std::uint64_t held_bytes = 0;
  double horizon_s = 0;
  double risk = 0;
  double model_free_risk = 1;
  double seconds = 0;
  std::uint64_t events = 0;
  std::uint64_t lost = 0;

  std::vector<PoolSize> sizes() const;
};

/// Returns: both guesses at what `pool` takes beyond the traces, in words. Requires: it has them.
std::string guessText(const TunedPool& pool);

/// Returns: the pools for `workload`, replayed through the library. Throws: `SizingError` for a goal that
/// cannot be reached: a budget too small, a bound that a trace exceeds, a source that none of them has.
Tuning tune(const Workload& workload, const TuningGoal& goal);

}  // namespace millpond::sizing
