// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace millpond::lab {

/// A child process that works at one thing and says how far it is. Moves only; is killed where it is dropped
/// before its end.
class Worker {
 public:
  using Report = std::function<void(double)>;

  /// Effect: forks; the child calls `work`, which may report the share done, and hands back what it returns
  /// or the message of what it throws. Throws: std::system_error where there is no process to be had.
  explicit Worker(const std::function<nlohmann::json(const Report&)>& work);
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

 private:
  void understand(const std::string& line);
  std::optional<nlohmann::json> end();

  pid_t process_ = -1;
  int pipe_ = -1;
  double done_ = 0;
  std::string unread_;
  std::optional<nlohmann::json> result_;
};

}  // namespace millpond::lab
