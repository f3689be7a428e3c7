// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "lab/device/Scenario.h"
#include "lab/report/BacklogCurve.h"
#include "lab/report/PolicySummary.h"

namespace millpond::lab {

/// What a report contains besides its runs.
struct PageSubject {
  Scenario scenario;
  std::string scenario_text;
  std::string command;  // that makes the same report again
  std::string version;
  double days = 0;
  std::uint64_t seeds = 0;
  double seconds = 0;                 // host time of the runs; 0 if others ran beside them
  std::size_t unfinished = 0;         // devices that had not finished when it was interrupted
  std::vector<BacklogPoint> backlog;  // what a backlog buys, if more than one was tried
  double backlog_days = 0;            // of each device that tried it
  std::uint64_t backlog_seeds = 0;
};

/// Returns: a self-contained HTML page about `runs` that needs no network. Requires: `summaries` are those of
/// `runs`; each run has its timeline and its map.
std::string reportPage(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                       const std::vector<PolicySummary>& summaries);

/// Returns: the data of the page's script as JSON: the summaries, each policy's memory over time as
/// least/median/most over its runs, the map of one seed, and what a backlog buys.
nlohmann::json pageData(const PageSubject& subject, const std::vector<nlohmann::json>& runs,
                        const std::vector<PolicySummary>& summaries);

}  // namespace millpond::lab
