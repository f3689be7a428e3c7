// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace millpond::cli {

/// Shows how far something long is: a bar with the time left, redrawn in place on a terminal and gone in the
/// end; else a line every half minute.
class ShareBar {
 public:
  /// `what` is what is counted, of which there are `all`: "device-days".
  ShareBar(std::FILE* out, std::string what, double all);
  ~ShareBar();
  ShareBar(const ShareBar&) = delete;
  ShareBar& operator=(const ShareBar&) = delete;

  /// Effect: shows that `share`, 0 to 1, is done.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;

  std::FILE* out_;
  std::string what_;
  double all_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

/// Returns: the line of up to `columns` after `seconds` with `share` done.
std::string shareText(double share, double seconds, const std::string& what, double all, std::size_t columns);

}  // namespace millpond::cli
