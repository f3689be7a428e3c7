// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/receiver/HostPort.h"

namespace millpond::bench {

/// A `millpond receive` in a process of its own. Throws `std::runtime_error` if it does not do what it
/// should.
class ReceiverProcess {
 public:
  /// Effect: starts it and waits until it listens. Its standard error goes to `log`.
  ReceiverProcess(const std::filesystem::path& millpond, const std::filesystem::path& folder,
                  const std::filesystem::path& log, const std::vector<std::string>& more);
  ReceiverProcess(const ReceiverProcess&) = delete;
  ReceiverProcess& operator=(const ReceiverProcess&) = delete;
  ~ReceiverProcess();

  const cli::HostPort& address() const { return address_; }
  /// Processor time that it took so far.
  std::chrono::duration<double> cpu() const;
  /// Effect: ends it. Returns: the most memory that it had, in bytes.
  std::size_t stop();

 private:
  std::string waitForAddress(const std::filesystem::path& log) const;

  pid_t pid_ = -1;
  cli::HostPort address_;
};

}  // namespace millpond::bench
