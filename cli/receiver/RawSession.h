// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/receiver/Session.h"

namespace millpond::cli {

/// A connection that carries nothing but 16-bit little-endian samples of 16 kHz mono. It is one stream from
/// its first byte to its last and is not acknowledged. A connection that starts like framed chunks is
/// refused. One without a whole sample is not a stream.
class RawSession : public Session {
 public:
  using Session::Session;

 private:
  void begin() override { read(); }
  void read();
  /// `bytes` bytes are in the frame.
  void onBytes(std::size_t bytes);
  void onEnd();
  /// Effect: stores the whole samples of the first `bytes` bytes and carries over the rest. Throws `Error` if
  /// they cannot be stored.
  void store(std::size_t bytes);
  std::shared_ptr<RawSession> self();

  // Bytes at the front of the frame that are not stored: half a sample, or too few to tell the kind of
  // stream.
  std::size_t carried_ = 0;
};

}  // namespace millpond::cli
