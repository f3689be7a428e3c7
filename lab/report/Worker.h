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

/// A child process that does one task and reports its progress. Move-only. It is killed if it is destroyed
/// before it ends, and when this process ends.
class Worker {
 public:
  using Report = std::function<void(double)>;
  using Work = std::function<nlohmann::json(const Report&)>;

  /// Longer than any sound work goes without a report, even on a busy machine.
  static constexpr std::chrono::seconds usual_patience{60};

  /// Effect: forks. The child calls `work`, which may report its finished share as often as it likes, and
  /// returns the result of `work` or the message of its exception. What it prints goes to standard error. A
  /// child that reports nothing for `patience` hangs. Throws: std::system_error if no process can be created.
  explicit Worker(const Work& work, std::chrono::milliseconds patience = usual_patience);
  Worker(Worker&& other) noexcept;
  Worker& operator=(Worker&& other) noexcept;
  ~Worker();

  /// Readable when the worker has a message; -1 once it has ended.
  int descriptor() const { return pipe_; }
  /// The finished share, 0 to 1.
  double done() const { return done_; }

  /// Effect: reads the available messages. Call when `descriptor` is readable. Returns: the result, once.
  /// Throws: std::runtime_error with the message of the exception from `work`, or with how the process ended
  /// without a result.
  std::optional<nlohmann::json> listen();
  /// Effect: notes that nothing was readable for `time`. Throws: std::runtime_error if the worker hangs.
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

/// Effect: waits up to a second for a message from one of `workers`. Returns: which have one, in their order,
/// and the time waited: at most a second, so that a suspended program does not take the suspension for the
/// workers' silence.
struct Attention {
  std::vector<bool> heard;
  std::chrono::nanoseconds waited{};
};
Attention attend(const std::vector<const Worker*>& workers);

/// Effect: runs `work` in a separate process and passes on its reports. Returns: its result. Throws: as
/// `Worker`.
nlohmann::json doApart(const Worker::Work& work, const Worker::Report& report,
                       std::chrono::milliseconds patience = Worker::usual_patience);

}  // namespace millpond::lab
