// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/io_context.hpp>
#include <thread>

#include "cli/receiver/Receiver.h"

namespace millpond::cli {

/// A receiver on a thread of its own.
class ReceiverThread {
 public:
  /// Throws `Error` as `Receiver` does.
  ReceiverThread(ReceiverOptions options, Receiver::Log log);
  ReceiverThread(const ReceiverThread&) = delete;
  ReceiverThread& operator=(const ReceiverThread&) = delete;
  ~ReceiverThread() { stop(); }

  HostPort address() const { return receiver_.address(); }
  bool failed() const { return receiver_.failed(); }
  ReceiverFigures figures() const { return receiver_.figures(); }
  /// Effect: closes everything and waits for the thread. Returns: the report.
  ReceiverReport stop();

 private:
  asio::io_context context_;
  Receiver receiver_;
  std::thread thread_;
};

}  // namespace millpond::cli
