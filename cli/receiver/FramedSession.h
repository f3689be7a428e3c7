// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/receiver/Session.h"
#include "streamer/wire/Ack.h"

namespace millpond::cli {

/// A connection that carries chunks as specified in docs/wire-format.md. Each is acknowledged once it is on
/// file.
class FramedSession : public Session {
 public:
  using Session::Session;

 private:
  void begin() override { readHeader(); }
  void readHeader();
  void readPayload();
  void onFrame();
  void acknowledge();
  /// Effect: closes, and logs how far into the chunk the peer got, unless it was at its start.
  void lost(std::size_t bytes_read);
  std::shared_ptr<FramedSession> self();

  streamer::ChunkHeader header_;
  streamer::Ack::Bytes ack_{};
};

}  // namespace millpond::cli
