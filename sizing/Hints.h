// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <string>
#include <vector>

#include "sizing/Bounds.h"
#include "sizing/Survey.h"
#include "sizing/Tuning.h"
#include "sizing/Workload.h"

namespace millpond::sizing {

/// What an answer was made from.
struct Grounds {
  const Workload& workload;
  const Survey& survey;
  const Bounds& bounds;
  /// The workload's pool of each pool of the answer.
  const std::vector<NameIndex>& pools;
};

/// Returns: a line for each thing that its reader can do about the answer, or should know of it.
std::vector<std::string> hintsAt(const Tuning& answer, const Grounds& grounds);

}  // namespace millpond::sizing
