// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace millpond::bench {

/// The pattern of what each round begins with and nobody looks at: the first in a round is at a disadvantage.
inline constexpr const char* warm_up = "warm-up";

/// The ratios of many rounds: the one in the middle, and those that a tenth lies below and above.
struct Ratio {
  double low = 0;
  double median = 0;
  double high = 0;
};

/// What was measured of one allocator under one pattern: "pattern/allocator/parameter" in the benchmark's
/// name. Times are for each pair, or each block handed over: processor time where there is one thread, wall
/// time of both together where there are two.
struct Row {
  std::string pattern;
  std::string allocator;
  std::string parameter;
  std::vector<double> ns = {};  // one for each round

  double median() const;
  double best() const;
  /// How many times as long as `base`'s, within each round. What a machine shared with others does to a whole
  /// round, it does to both.
  Ratio timesOf(const Row& base) const;
};

/// A claim about the figures, and whether they bear it out.
struct Verdict {
  std::string claim;
  Ratio ratio;
  bool met;  // by the median
};

/// Gathers the rounds of each benchmark instead of printing them.
class Results : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

  const std::vector<Row>& rows() const { return rows_; }
  /// Whether every benchmark ran without an error.
  bool complete() const { return complete_; }
  /// Returns: the row, or nullptr where it was not measured.
  const Row* find(const std::string& pattern, const std::string& allocator,
                  const std::string& parameter) const;
  /// Returns: the row of Millpond's typed interface that `row` is to be compared with, or nullptr.
  const Row* millpondBeside(const Row& row) const;
  /// Returns: the bare free list on one thread, or nullptr.
  const Row* bareList() const;
  std::vector<Verdict> verdicts() const;

 private:
  void judge(std::vector<Verdict>& verdicts, const std::string& claim, const Row* ours, const Row* theirs,
             double most) const;

  std::vector<Row> rows_;
  bool complete_ = true;
};

/// Effect: prints the rows as a table with a verdict below it, or as one JSON object.
void printTable(const Results& results);
void printJson(const Results& results);

}  // namespace millpond::bench
