// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace millpond::lab {

/// A child process that works at one thing and says how far it is. Moves only; is killed where it is dropped
/// before its end, and where this process ends.
class Worker {
 public:
  using Report = std::function<void(double)>;
  using Work = std::function<nlohmann::json(const Report&)>;

  /// Longer than any sound work goes without a report, also on a busy machine.
  static constexpr std::chrono::seconds usual_patience{60};

  /// Effect: forks; the child calls `work`, which may report the share done as often as it likes, and hands
  /// back what it returns or the message of what it throws. What it prints goes to standard error. One that
  /// reports nothing for `patience` hangs.
  /// Throws: std::system_error where there is no process to be had.
  explicit Worker(const Work& work, std::chrono::milliseconds patience = usual_patience);
  Worker(Worker&& other) noexcept;
  Worker& operator=(Worker&& other) noexcept;
  ~Worker();

  /// Readable when the worker has something to say; -1 once it has ended.
  int descriptor() const { return pipe_; }
  /// The share done, 0 to 1.
  double done() const { return done_; }

  /// Effect: reads what there is. Call when `descriptor` is readable.
  /// Returns: the result, once. Throws: std::runtime_error with what `work` threw, or with how the process
  /// ended without a result.
  std::optional<nlohmann::json> listen();
  /// Effect: notes that for `time` there was nothing to read. Throws: std::runtime_error where it hangs.
  void wait(std::chrono::nanoseconds time);

 private:
  void understand(const std::string& line);
  std::optional<nlohmann::json> end();

  pid_t process_ = -1;
  int pipe_ = -1;
  double done_ = 0;
  std::chrono::milliseconds patience_{};
  std::chrono::nanoseconds silence_{};
  std::string unread_;
  std::optional<nlohmann::json> result_;
};

/// Effect: waits up to a second for one of `workers` to have something to say. Returns: which have, in their
/// order, and how long it waited: a second at most, so that a stop of the whole program is not taken for
/// their silence.
struct Attention {
  std::vector<bool> heard;
  std::chrono::nanoseconds waited{};
};
Attention attend(const std::vector<const Worker*>& workers);

/// Effect: has `work` done in a process apart, and passes on what it reports. Returns: its result. Throws: as
/// `Worker`.
nlohmann::json doApart(const Worker::Work& work, const Worker::Report& report,
                       std::chrono::milliseconds patience = Worker::usual_patience);

}  // namespace millpond::lab
