// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tests/support/TempFolder.h"

namespace millpond::test {

/// What a finished program left.
struct Finished {
  int status = -1;  // its exit status, or 128 and the signal that ended it
  std::string out;
  std::string err;
};

/// A program that runs beside the test; it is killed on scope exit.
class Process {
 public:
  /// The first of `arguments` is the program's path. Its standard input is empty or, where `fed`, what `feed`
  /// is given. Where `output` is a descriptor, its standard output goes there.
  explicit Process(const std::vector<std::string>& arguments, bool fed = false, int output = -1);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Effect: writes to the program's standard input. Returns: false where it no longer reads.
  bool feed(std::span<const std::byte> bytes) const;
  void endInput();

  pid_t id() const { return pid_; }
  std::string out() const;
  std::string err() const;
  bool running();
  void signal(int number) const;
  Finished wait();

 private:
  void reap(int options);

  TempFolder folder_;
  pid_t pid_ = -1;
  int input_ = -1;
  bool ended_ = false;
  int status_ = -1;
};

/// Returns: what `Process(arguments)` left once it ended by itself.
inline Finished runToEnd(const std::vector<std::string>& arguments) { return Process(arguments).wait(); }

}  // namespace millpond::test
