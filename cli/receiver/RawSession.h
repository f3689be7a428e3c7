// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/receiver/Session.h"

namespace millpond::cli {

/// A connection that brings nothing but 16-bit little-endian samples of 16 kHz mono: a stream from its first
/// byte to its last, without answers. One that starts as framed chunks do is refused; one without a whole
/// sample is no stream.
class RawSession : public Session {
 public:
  using Session::Session;
  void start() override {
    guard([this] { read(); });
  }

 private:
  void read();
  /// `bytes` bytes are in the frame.
  void onBytes(std::size_t bytes);
  void onEnd();
  /// Effect: puts the whole samples of the frame's first bytes on file and carries the rest. Throws `Error`
  /// where it cannot.
  void store(std::size_t bytes);
  std::shared_ptr<RawSession> self();

  // Bytes at the front of the frame that are not stored: half a sample, or too few to tell.
  std::size_t carried_ = 0;
};

}  // namespace millpond::cli
