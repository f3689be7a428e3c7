// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Results.h"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <utility>

namespace millpond::bench {

namespace {

constexpr double no_slower = 1.0;
constexpr double flat = 1.1;

Row rowOf(const std::string& name) {
  Row row;
  std::istringstream parts(name);
  std::getline(parts, row.pattern, '/');
  std::getline(parts, row.allocator, '/');
  std::getline(parts, row.parameter, '/');
  return row;
}

// The value that `tenths` of ten lie below.
double quantileOf(std::vector<double> values, std::size_t tenths) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * tenths / 10);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

double Row::median() const { return quantileOf(ns, 5); }

double Row::best() const { return *std::min_element(ns.begin(), ns.end()); }

Ratio Row::timesOf(const Row& base) const {
  std::vector<double> ratios;
  const std::size_t rounds = std::min(ns.size(), base.ns.size());
  for (std::size_t round = 0; round < rounds; ++round) ratios.push_back(ns[round] / base.ns[round]);
  return {quantileOf(ratios, 1), quantileOf(ratios, 5), quantileOf(ratios, 9)};
}

void Results::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    const auto rate = run.counters.find("items_per_second");
    if (rate == run.counters.end() || rate->second.value <= 0) {
      GetErrorStream() << run.benchmark_name() << ": failed\n";
      complete_ = false;
      continue;
    }
    Row row = rowOf(run.run_name.function_name);
    if (row.pattern == warm_up) continue;
    const auto known = std::find_if(rows_.begin(), rows_.end(), [&](const Row& other) {
      return other.pattern == row.pattern && other.allocator == row.allocator &&
             other.parameter == row.parameter;
    });
    Row& target = known != rows_.end() ? *known : rows_.emplace_back(std::move(row));
    target.ns.push_back(1e9 / rate->second.value);
  }
}

const Row* Results::find(const std::string& pattern, const std::string& allocator,
                         const std::string& parameter) const {
  for (const Row& row : rows_) {
    const bool same = row.pattern == pattern && row.allocator == allocator && row.parameter == parameter;
    if (same) return &row;
  }
  return nullptr;
}

const Row* Results::millpondBeside(const Row& row) const {
  const Row* first = nullptr;
  for (const Row& other : rows_) {
    if (other.pattern != row.pattern || other.allocator != "millpond") continue;
    if (other.parameter == row.parameter) return &other;
    if (first == nullptr) first = &other;
  }
  return first;
}

const Row* Results::bareList() const { return find("pair", "bare-list", "-"); }

void Results::judge(std::vector<Verdict>& verdicts, const std::string& claim, const Row* ours,
                    const Row* theirs, double most) const {
  if (ours == nullptr || theirs == nullptr) return;
  const Ratio ratio = ours->timesOf(*theirs);
  verdicts.push_back({claim, ratio, ratio.median <= most});
}

std::vector<Verdict> Results::verdicts() const {
  std::vector<Verdict> verdicts;
  judge(verdicts, "(a) a pair on one thread takes no longer than mimalloc's", find("pair", "millpond", "4"),
        find("pair", "mimalloc", "-"), no_slower);
  judge(verdicts, "(a) also while three others are held", find("pair-holding", "millpond", "4"),
        find("pair-holding", "mimalloc", "-"), no_slower);
  for (const char* blocks : {"4", "32"}) {
    judge(verdicts, std::string("(c) handing over, ") + blocks + " blocks, takes no longer than mimalloc's",
          find("hand-over", "millpond", blocks), find("hand-over", "mimalloc", blocks), no_slower);
  }
  judge(verdicts, "flat: 1024 blocks take no longer than 4, within a tenth", find("pair", "millpond", "1024"),
        find("pair", "millpond", "4"), flat);
  judge(verdicts, "flat, also where all blocks but one are held", find("pair-holding", "millpond", "1024"),
        find("pair-holding", "millpond", "4"), flat);
  return verdicts;
}

}  // namespace millpond::bench
