// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <utility>

namespace millpond::cli {

/// Prints on a thread of its own: where nobody reads what is printed, nobody else is held up. One thread
/// calls it.
class Printer {
 public:
  /// As many as `most` may wait to be printed.
  explicit Printer(int most) : most_(most) {}
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;
  ~Printer() { finish(); }

  /// Effect: calls `print`, which throws nothing, once what came before is printed. Returns: whether it will;
  /// not where too many wait.
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
  /// Effect: waits until all is printed.
  void finish() { thread_.join(); }

 private:
  int most_;
  std::atomic<int> waiting_{0};
  asio::thread_pool thread_{1};
};

}  // namespace millpond::cli
