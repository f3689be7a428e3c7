// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Extrapolation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace millpond::sizing {

namespace {

constexpr double enough_crossings = 20;
// More than a pool can have.
constexpr std::uint32_t most_blocks = 1025;
constexpr double upper_95 = 1.645;

// Crossings that the risk allows within the horizon.
double allowed(const Horizon& horizon) { return -std::log1p(-horizon.risk); }

std::optional<std::uint32_t> highestWith(const DemandCurve& curve, std::uint32_t from, double least) {
  for (std::uint32_t level = from + 1; level-- > 0;) {
    if (static_cast<double>(curve.crossings(level)) >= least) return level;
  }
  return std::nullopt;
}

// Two points of the curve to draw the line through. Returns: whether there are.
bool findDecade(const DemandCurve& curve, Extrapolation& result) {
  const auto high = highestWith(curve, curve.peak(), enough_crossings);
  if (!high) return false;
  result.high_level = *high;
  result.high_crossings = static_cast<double>(curve.crossings(*high));
  auto low = highestWith(curve, *high, 10 * result.high_crossings);
  if (result.high_crossings >= enough_crossings * enough_crossings) {
    // Demand ends at once: the next level was crossed less often than is counted, which bounds the line.
    low = high;
    result.high_level = *high + 1;
    result.high_crossings = enough_crossings;
  }
  if (!low) return false;
  result.low_level = *low;
  result.low_crossings = static_cast<double>(curve.crossings(*low));
  return true;
}

std::uint32_t alongChord(const Extrapolation& line, double target) {
  const double slope = (std::log(line.high_crossings) - std::log(line.low_crossings)) /
                       static_cast<double>(line.high_level - line.low_level);
  std::uint32_t level = line.high_level;
  while (level < most_blocks &&
         std::log(line.high_crossings) + slope * (level - line.high_level) > std::log(target)) {
    ++level;
  }
  return level;
}

// How much longer the traces must be for `findDecade`, if the demand goes on as it is.
double lengthNeeded(const DemandCurve& curve) {
  double most = 0;
  for (std::uint32_t level = 0; level < curve.peak(); ++level) {
    most = std::max(most, static_cast<double>(curve.crossings(level)));
  }
  double times = enough_crossings * enough_crossings / most;
  for (std::uint32_t level = 0; level < curve.peak(); ++level) {
    const auto crossings = static_cast<double>(curve.crossings(level));
    if (crossings * 10 <= most) times = std::min(times, std::max(enough_crossings / crossings, 1.0));
  }
  return curve.seconds() * std::max(times, 1.0);
}

// The 99.9 % quantile of chi squared, by Wilson and Hilferty.
double chiSquared999(double freedom) {
  const double part = 2 / (9 * freedom);
  return freedom * std::pow(1 - part + 3.0902 * std::sqrt(part), 3);
}

struct BusyHours {
  DemandCurve::Hour busiest;
  double a_day = 0;
};

// The hours that have more batches than chance lets them; none if all hours are alike.
std::optional<BusyHours> busyHours(const DemandCurve& curve) {
  const std::vector<DemandCurve::Hour>& hours = curve.hours();
  if (hours.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(hours.size());
  double sum = 0;
  for (const auto& hour : hours) sum += static_cast<double>(hour.batches);
  const double mean = sum / count;
  double squares = 0;
  for (const auto& hour : hours) squares += std::pow(static_cast<double>(hour.batches) - mean, 2);
  if (mean < enough_crossings || squares / mean <= chiSquared999(count - 1)) return std::nullopt;
  const double usual = mean + 3 * std::sqrt(mean);
  const auto busy = static_cast<double>(std::ranges::count_if(
      hours, [&](const auto& hour) { return static_cast<double>(hour.batches) > usual; }));
  return BusyHours{*std::ranges::max_element(hours, {}, &DemandCurve::Hour::level),
                   std::ceil(busy / std::max(curve.seconds() / 86400, 1.0))};
}

std::uint32_t leastWith(const std::vector<double>& rates, double allowed_rate, std::uint32_t least) {
  std::uint32_t level = least;
  while (level < rates.size() && rates[level] > allowed_rate) ++level;
  return level;
}

// The load of the whole trace at its upper 95 %, and that of its busiest hour.
void addErlang(const DemandCurve& curve, const Horizon& horizon, Extrapolation& result) {
  result.erlang = curve.peak();
  if (curve.batches() == 0 || curve.lives().count == 0) return;
  const auto batches = static_cast<double>(curve.batches());
  std::vector<double> batch(curve.batchSizes().size());
  double blocks = 0;
  for (std::size_t size = 1; size < batch.size(); ++size) {
    batch[size] = static_cast<double>(curve.batchSizes()[size]) / batches;
    blocks += batch[size] * static_cast<double>(size);
  }
  const DemandCurve::Lives& lives = curve.lives();
  const double mean = lives.sum / static_cast<double>(lives.count);
  const double variance = std::max(0.0, lives.squares / static_cast<double>(lives.count) - mean * mean);
  const double load = curve.meanLevel() / blocks;
  const double spread = mean > 0 ? variance / (mean * mean) : 0;
  const double upper = load * (1 + upper_95 * std::sqrt((1 + spread) / batches));
  const double rate = allowed(horizon) / horizon.seconds;
  const std::uint32_t most = std::min(most_blocks, curve.peak() * 4 + 64);
  const double batch_rate = batches / curve.seconds();
  result.erlang_unseen = lossRates(batch_rate, load, batch, most)[curve.peak()] * curve.seconds();
  result.erlang = leastWith(lossRates(batch_rate, upper, batch, most), rate, curve.peak());
  if (const auto busy = busyHours(curve)) {
    const auto hour_batches = static_cast<double>(std::max<std::uint64_t>(busy->busiest.batches, 1));
    const double hour_load = busy->busiest.level / blocks * (1 + upper_95 / std::sqrt(hour_batches));
    const auto rates = lossRates(hour_batches / 3600, hour_load, batch, most);
    result.erlang = std::max(result.erlang, leastWith(rates, rate * 24 / busy->a_day, curve.peak()));
  }
}

}  // namespace

// Panjer's recursion gives the law of the blocks held; demand crosses a level when a batch arrives that takes
// it there.
std::vector<double> lossRates(double rate, double load, const std::vector<double>& batch,
                              std::uint32_t most) {
  const std::size_t largest = batch.size() - 1;
  const std::size_t count = most + largest + 1;
  std::vector<double> held(count);
  // From the logarithm, or a large load would start with 0. What it leaves out is beyond a double's reach.
  const double shift = std::max(0.0, load - 600);
  held[0] = std::exp(-load + shift);
  for (std::size_t blocks = 1; blocks < count; ++blocks) {
    double sum = 0;
    for (std::size_t size = 1; size <= std::min(blocks, largest); ++size) {
      sum += static_cast<double>(size) * batch[size] * held[blocks - size];
    }
    held[blocks] = load / static_cast<double>(blocks) * sum;
  }
  const double all = shift > 0 ? std::accumulate(held.begin(), held.end(), 0.0) : 1;
  std::vector<double> at_least(largest + 2);
  for (std::size_t size = largest + 1; size-- > 0;) at_least[size] = at_least[size + 1] + batch[size];
  std::vector<double> rates(most + 1);
  for (std::size_t level = 0; level <= most; ++level) {
    for (std::size_t size = 1; size <= std::min(level + 1, largest); ++size) {
      rates[level] += rate * held[level + 1 - size] / all * at_least[size];
    }
  }
  return rates;
}

bool Extrapolation::erlangRefuted() const { return erlang_unseen >= enough_crossings; }

Extrapolation extrapolate(const DemandCurve& curve, const Horizon& horizon) {
  Extrapolation result;
  if (curve.peak() == 0) {
    result.blocks = 0;
    return result;
  }
  addErlang(curve, horizon, result);
  if (!findDecade(curve, result)) {
    result.why =
        "the traces are too short: no level of demand was crossed often enough to tell how it goes on";
    result.length_needed = lengthNeeded(curve);
    return result;
  }
  result.chord = alongChord(result, allowed(horizon) * curve.seconds() / horizon.seconds);
  result.blocks = std::max(*result.chord, curve.peak());
  if (!result.erlangRefuted()) result.blocks = std::max(*result.blocks, result.erlang);
  return result;
}

double modelFreeRisk(double seconds, double horizon_seconds) {
  return std::min(1.0, 3 * horizon_seconds / std::max(seconds, 1e-9));
}

}  // namespace millpond::sizing
