// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Front.h"

#include <algorithm>

namespace millpond::sizing {

namespace {

// Keeps the rows that no other beats.
void prune(std::vector<FrontRow>& rows) {
  std::ranges::sort(rows, [](const FrontRow& a, const FrontRow& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.refused_a_day < b.refused_a_day;
  });
  std::vector<FrontRow> best;
  for (FrontRow& row : rows) {
    if (best.empty() || row.refused_a_day < best.back().refused_a_day) best.push_back(std::move(row));
  }
  rows = std::move(best);
}

FrontRow with(const FrontRow& row, const TunedPool& pool, const FrontPoint& point, double days) {
  FrontRow longer = row;
  longer.bytes += std::uint64_t{point.blocks} * pool.answer.block_size;
  longer.refused_a_day += static_cast<double>(point.refused) / days;
  longer.outage_s += point.outage_s;
  longer.blocks.push_back(point.blocks);
  return longer;
}

// More blocks of the pool whose block lasts longest through an outage: the last one before the network.
void addOutages(const std::vector<TunedPool>& pools, std::vector<FrontRow>& rows) {
  constexpr int most_rows = 6;
  double best = 0;
  std::size_t chosen = pools.size();
  for (std::size_t at = 0; at < pools.size(); ++at) {
    const std::vector<FrontPoint>& front = pools[at].front;
    if (front.size() < 2 || pools[at].answer.runs) continue;
    const double gain = front.back().outage_s - front[front.size() - 2].outage_s;
    if (gain > best) {
      best = gain;
      chosen = at;
    }
  }
  if (chosen == pools.size()) return;
  const TunedPool& pool = pools[chosen];
  const FrontRow last = rows.back();
  for (const FrontPoint& point : pool.front) {
    const std::uint32_t had = last.blocks[chosen];
    if (point.blocks <= had || point.blocks > had + most_rows) continue;
    FrontRow row = last;
    row.blocks[chosen] = point.blocks;
    row.bytes += std::uint64_t{point.blocks - had} * pool.answer.block_size;
    row.outage_s += point.outage_s - pool.front[had].outage_s;
    rows.push_back(row);
  }
}

}  // namespace

std::vector<FrontRow> combinedFront(const std::vector<TunedPool>& pools, double seconds) {
  const double days = std::max(seconds / 86400, 1e-9);
  std::vector<FrontRow> rows(1);
  for (const TunedPool& pool : pools) {
    std::vector<FrontRow> longer;
    for (const FrontRow& row : rows) {
      if (pool.front.empty()) longer.push_back(with(row, pool, {}, days));
      for (const FrontPoint& point : pool.front) longer.push_back(with(row, pool, point, days));
    }
    rows = std::move(longer);
    prune(rows);
  }
  addOutages(pools, rows);
  return rows;
}

}  // namespace millpond::sizing
