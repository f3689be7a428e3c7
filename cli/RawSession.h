// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/Session.h"

namespace millpond::cli {

/// A connection that brings nothing but 16-bit little-endian samples of 16 kHz mono: a stream from its first
/// byte to its last, without answers.
class RawSession : public Session {
 public:
  using Session::Session;
  void start() override;

 private:
  void read();
  void onBytes(std::size_t count);
  std::shared_ptr<RawSession> self();

  std::size_t carried_ = 0;  // bytes of a sample whose other half has not come yet
};

}  // namespace millpond::cli
