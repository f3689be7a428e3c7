// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/ReceiverThread.h"

#include <asio/post.hpp>

namespace millpond::cli {

ReceiverThread::ReceiverThread(ReceiverOptions options, Receiver::Log log)
    : receiver_(context_, std::move(options), std::move(log)), thread_([this] { receiver_.run(); }) {}

ReceiverReport ReceiverThread::stop() {
  if (thread_.joinable()) {
    asio::post(context_, [this] { receiver_.stop(); });
    thread_.join();
  }
  return receiver_.report();
}

}  // namespace millpond::cli
