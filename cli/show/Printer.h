// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <utility>

namespace millpond::cli {

/// Prints on its own thread, so that a reader who does not read blocks nobody else. Called from one thread
/// only.
class Printer {
 public:
  /// At most `most` prints may wait.
  explicit Printer(int most) : most_(most) {}
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  ~Printer() { finish(); }

  /// Effect: calls `print`, which does not throw, after the earlier ones. Returns: whether it will; false if
  /// too many wait.
  template <class Print>
  bool add(Print print) {
    if (waiting_ >= most_) return false;
    asio::post(thread_, [this, print = std::move(print)] {
      print();
      --waiting_;
    });
    ++waiting_;
    return true;
  }
  /// Effect: waits until everything is printed.
  void finish() { thread_.join(); }

 private:
  int most_;
  std::atomic<int> waiting_{0};
  asio::thread_pool thread_{1};
};

}  // namespace millpond::cli
