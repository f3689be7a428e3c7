// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace millpond::cli {

/// The program that started this one and wants to know how it is, such as systemd with `Type=notify`: see
/// sd_notify(3). Does nothing if there is none.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of the environment.
  explicit ServiceManager(asio::io_context& context);

  /// Effect: says that the service is ready, with `status` for people, and from then on that it is alive, as
  /// long as `context` runs its handlers. Throws `Error` if nobody takes it.
  void ready(const std::string& status);
  /// Effect: says that the service is about to end, and nothing from then on.
  void stopping() noexcept;

 private:
  void stayAlive();
  /// Returns: whether the manager took it; `errno` says why not.
  bool tell(std::string_view state) const noexcept;

  std::string socket_;
  std::chrono::microseconds period_{0};  // between two signs of life; 0 if none are wanted
  asio::steady_timer timer_;
};

}  // namespace millpond::cli
