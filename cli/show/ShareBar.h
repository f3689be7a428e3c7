// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace millpond::cli {

/// Shows the progress of a long task: on a terminal a bar with the time left, redrawn in place and removed at
/// the end; else a line every half minute.
class ShareBar {
 public:
  /// `what` names what is counted, and `all` is its total: "device-days".
  ShareBar(std::FILE* out, std::string what, double all);
  ~ShareBar();
  ShareBar(const ShareBar&) = delete;
  ShareBar& operator=(const ShareBar&) = delete;

  /// Effect: shows that `share`, 0 to 1, is finished.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;

  std::FILE* out_;
  std::string what_;
  double all_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

/// Returns: the line of up to `columns` after `seconds` with `share` finished.
std::string shareText(double share, double seconds, const std::string& what, double all, std::size_t columns);

}  // namespace millpond::cli
