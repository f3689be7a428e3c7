// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace millpond::lab {

/// What the devices of one policy showed that may hold back so many bytes of sound.
struct BacklogPoint {
  std::string policy;
  std::uint64_t backlog_bytes = 0;
  std::size_t runs = 0;
  std::size_t without_refusal = 0;
  double sound_lost_percent = 0;       // on average
  double refused_a_day = 0;            // requests, on average
  std::uint32_t largest_free_min = 0;  // of all
};

/// Returns: a point for each policy and backlog in `runs`: the policies in order of appearance, the backlogs
/// of each in ascending order. A run is what `toJson` makes of a `SoakResult`.
std::vector<BacklogPoint> backlogCurve(const std::vector<nlohmann::json>& runs);

/// Returns: the largest backlog with which no device of `policy` was refused anything, nor with any smaller
/// one; 0 if there is none. It is what this policy can use of the RAM.
std::uint64_t allThatFits(const std::vector<BacklogPoint>& curve, const std::string& policy);

/// Returns: the curve as a table, with what fits into RAM on each policy.
std::string backlogText(const std::vector<BacklogPoint>& curve);

}  // namespace millpond::lab
