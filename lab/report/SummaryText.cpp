// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/SummaryText.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lab/report/HeapDemand.h"

namespace millpond::lab {

namespace {

using TextRow = std::vector<std::string>;

std::string number(double value) {
  if (std::isinf(value)) return "never";
  if (value == std::floor(value) || value >= 1000) return fmt::format("{:.0f}", value);
  return value < 0.01 ? "<0.01" : fmt::format("{:.3g}", value);
}

std::string text(const Spread& spread) {
  if (spread.min == spread.max) return number(spread.min);
  return fmt::format("{} / {} / {}", number(spread.min), number(spread.median), number(spread.max));
}

std::string text(const StepSpread& steps) {
  return fmt::format("{} / {} / {}", steps.median, steps.p999, steps.max);
}

std::string text(const std::optional<EarliestFailure>& failure) {
  if (!failure) return "none";
  return fmt::format("day {:.3f} of seed {}, {}: {} bytes refused with {} free, the largest {}", failure->day,
                     failure->seed, failure->kind, failure->bytes, failure->free, failure->largest);
}

// The first row is the heading. Columns are as wide as their content.
std::string table(const std::vector<TextRow>& rows) {
  std::string text;
  for (const TextRow& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      std::size_t width = 0;
      for (const TextRow& other : rows) width = std::max(width, other[column].size());
      text += fmt::format("{:<{}}", row[column], column + 1 == row.size() ? 0 : width + 2);
    }
    text += '\n';
  }
  return text;
}

template <class ToCells>
std::string table(const std::vector<PolicySummary>& summaries, const TextRow& heading, ToCells cells) {
  std::vector<TextRow> rows{heading};
  for (const PolicySummary& summary : summaries) {
    TextRow row = cells(summary);
    row.insert(row.begin(), summary.policy);
    rows.push_back(row);
  }
  return table(rows);
}

std::string worstMoments(const Scenario& scenario, const std::vector<PolicySummary>& summaries) {
  const TextRow heading{"at the worst moment", "had room for", "largest request on its heap", "to spare",
                        "steps at most, of them audio, network, general"};
  return table(summaries, heading, [&](const PolicySummary& summary) {
    const std::optional<HeapDemand> demand = largestOnHeap(scenario, summary.policy);
    const std::string steps =
        fmt::format("{}, {}", std::max(summary.allocate_steps.max, summary.release_steps.max),
                    std::max(summary.pooled_allocate_steps.max, summary.pooled_release_steps.max));
    if (!demand) return TextRow{"-", "none: a buffer for each", "-", steps};
    return TextRow{number(summary.largest_request_min.min),
                   fmt::format("{}, {}", demand->bytes, demand->what),
                   number(summary.largest_request_min.min - demand->bytes), steps};
  });
}

std::string lives(const std::vector<PolicySummary>& summaries) {
  const TextRow heading{"least / median / most", "alive",      "first failure, day",
                        "largest free, least",   "held, most", "sound lost, %"};
  return table(summaries, heading, [](const PolicySummary& summary) {
    return TextRow{fmt::format("{} of {}", summary.alive(), summary.runs), text(summary.first_failure_day),
                   text(summary.largest_free_min), text(summary.held_peak), text(summary.sound_lost_percent)};
  });
}

std::string failures(const std::vector<PolicySummary>& summaries) {
  TextRow heading{"failed requests a day"};
  heading.insert(heading.end(), request_class_names.begin(), request_class_names.end());
  return table(summaries, heading, [](const PolicySummary& summary) {
    TextRow row;
    for (const Spread& spread : summary.failures_a_day) row.push_back(text(spread));
    return row;
  });
}

std::string firstFailures(const std::vector<PolicySummary>& summaries) {
  return table(summaries, {"earliest failure", ""},
               [](const PolicySummary& summary) { return TextRow{text(summary.earliest)}; });
}

std::string steps(const std::vector<PolicySummary>& summaries) {
  const TextRow heading{
      "steps, median / 99.9 % / max", "allocate", "free", "pooled: allocate", "free", "leaked bytes"};
  return table(summaries, heading, [](const PolicySummary& summary) {
    return TextRow{text(summary.allocate_steps), text(summary.release_steps),
                   text(summary.pooled_allocate_steps), text(summary.pooled_release_steps),
                   text(summary.leaked_bytes)};
  });
}

}  // namespace

std::string summaryText(const Scenario& scenario, const std::vector<PolicySummary>& summaries) {
  return worstMoments(scenario, summaries) + '\n' + lives(summaries) + '\n' + failures(summaries) + '\n' +
         firstFailures(summaries) + '\n' + steps(summaries);
}

}  // namespace millpond::lab
