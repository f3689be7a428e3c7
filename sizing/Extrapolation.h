// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sizing/DemandCurve.h"

namespace millpond::sizing {

/// How long a pool must last, in seconds, and the probability that it is exhausted before, which is allowed.
struct Horizon {
  double seconds = 0;
  double risk = 0;
};

/// The blocks that a pool needs beyond what was seen: a guess, and what it rests on.
struct Extrapolation {
  /// The larger of the two below, and at least what was seen; without Erlang's formula where it is refuted.
  /// Empty if the traces are too short.
  std::optional<std::uint32_t> blocks;
  /// By a line through the logarithm of the crossings, drawn over the last decade.
  std::optional<std::uint32_t> chord;
  /// By Erlang's loss formula for the load of the busiest hour, with the batches that were seen.
  std::uint32_t erlang = 0;
  /// How often that formula, with the load of the whole traces, expects demand above the highest level that
  /// was seen. From 20 on, the traces refute it: requests do not come independently of what is held.
  double erlang_unseen = 0;
  /// The levels that the line goes through, and their crossings. Where demand ends at once, the upper level
  /// is the first that was not reached often enough to be counted, and counts as often as it takes to be.
  std::uint32_t low_level = 0;
  std::uint32_t high_level = 0;
  double low_crossings = 0;
  double high_crossings = 0;
  /// If there is no answer: why, and the length of the traces that would give one, in seconds.
  std::string why;
  double length_needed = 0;

  bool erlangRefuted() const;
};

/// Returns: the blocks with which demand as in `curve` is refused within the horizon with at most its risk.
/// The line is conservative where the logarithm of the crossings is concave, as for Erlang and Poisson.
Extrapolation extrapolate(const DemandCurve& curve, const Horizon& horizon);

/// Returns: the risk per horizon below which the truth is at 95 %, if nothing was refused in traces of
/// `seconds`, without any model: 3 / N for N horizons; at most 1.
double modelFreeRisk(double seconds, double horizon_seconds);

/// Returns: how often per second demand for more than each number of blocks, from 0 to `most`, begins, if
/// batches arrive at `rate` per second, `load` of them are held on average, and a share `batch[k]` of them
/// has k blocks. It does not depend on the law of their lives.
std::vector<double> lossRates(double rate, double load, const std::vector<double>& batch, std::uint32_t most);

}  // namespace millpond::sizing
