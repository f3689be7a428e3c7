// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace millpond::cli {

/// What a receiver says, a line each. Peers cause the lines, so their number is limited: in a minute, as many
/// alike as `lines_alike`, and `lines_in_all`; what is left out is counted and told. Alike are lines of one
/// kind and stream that read the same up to their first number.
class ReceiverLog {
 public:
  enum class Kind : std::uint8_t { begin, gap, end, closed, refused, trouble };
  using Write = std::function<void(const std::string& line)>;
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t lines_alike = 5;
  static constexpr std::size_t lines_in_all = 100;
  static constexpr std::chrono::seconds period{60};

  explicit ReceiverLog(Write write, std::function<Clock::time_point()> now = &Clock::now)
      : write_(std::move(write)), now_(std::move(now)), started_(now_()) {}

  /// Effect: writes `line`, after the name of the peer it is about, if any, unless there were too many. A
  /// line that cannot be written is left out.
  void say(Kind kind, std::uint64_t stream_id, std::string_view line, std::string_view peer = {}) noexcept;
  /// Effect: tells what was left out and was not told yet.
  void tellLeftOut() noexcept;

 private:
  bool allowed(Kind kind, std::uint64_t stream_id, std::string_view line);

  Write write_;
  std::function<Clock::time_point()> now_;
  Clock::time_point started_;  // the present period
  std::map<std::tuple<Kind, std::uint64_t, std::string>, std::size_t> alike_;
  std::size_t in_all_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace millpond::cli
