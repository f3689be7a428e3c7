// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace millpond::cli {

/// The messages of a receiver, one line each. Peers cause them, so their rate is limited: per minute at most
/// `lines_alike` similar lines, and so many in all as it is made for. Omitted lines are counted and reported.
/// Lines are similar if they have the same kind and stream and agree up to their first number.
class ReceiverLog {
 public:
  enum class Kind : std::uint8_t { begin, gap, left, end, closed, refused, trouble };
  using Write = std::function<void(const std::string& line)>;
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t lines_alike = 5;
  static constexpr std::size_t lines_in_all = 100;
  static constexpr std::chrono::seconds period{60};

  explicit ReceiverLog(Write write, std::function<Clock::time_point()> now = &Clock::now,
                       std::size_t most = lines_in_all)
      : write_(std::move(write)), now_(std::move(now)), most_(most), started_(now_()) {}

  /// How many lines a minute in all a receiver of so many connections should have: enough for each to begin
  /// and to end.
  static std::size_t linesFor(std::size_t connections) { return std::max(lines_in_all, 2 * connections); }

  /// Effect: writes `line`, preceded by the name of its peer, if any, unless there were too many. Omits a
  /// line that cannot be written.
  void say(Kind kind, std::uint64_t stream_id, std::string_view line, std::string_view peer = {}) noexcept;
  /// Effect: writes a line that no peer caused, however many there were.
  void tell(std::string_view line) noexcept;
  /// Effect: reports the omitted lines that were not reported yet.
  void tellLeftOut() noexcept;

 private:
  bool allowed(Kind kind, std::uint64_t stream_id, std::string_view line);

  Write write_;
  std::function<Clock::time_point()> now_;
  std::size_t most_;
  Clock::time_point started_;  // start of the current period
  std::map<std::tuple<Kind, std::uint64_t, std::string>, std::size_t> alike_;
  std::size_t in_all_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace millpond::cli
