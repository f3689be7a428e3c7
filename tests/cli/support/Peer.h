// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/receiver/HostPort.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/Ack.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::test {

/// A device by hand: a connection over which a test sends whatever it likes.
class Peer {
 public:
  explicit Peer(const cli::HostPort& address) : link_(stop_) {
    link_.connect(address.resolve().list()[0], patience);
  }

  static std::vector<std::byte> frame(streamer::ChunkHeader header, std::span<const std::int16_t> samples) {
    header.payload_bytes = static_cast<std::uint32_t>(samples.size_bytes());
    std::vector<std::byte> bytes(streamer::ChunkHeader::size + header.payload_bytes);
    std::ranges::copy(std::as_bytes(samples), bytes.begin() + streamer::ChunkHeader::size);
    header.encode(bytes);
    return bytes;
  }

  void send(std::span<const std::byte> bytes) { link_.send(bytes, patience); }

  /// Returns: whether `samples` were acknowledged; `ack` has the answer.
  bool sendChunk(const streamer::ChunkHeader& header, std::span<const std::int16_t> samples) {
    send(frame(header, samples));
    return acknowledged();
  }
  bool acknowledged() {
    streamer::Ack::Bytes bytes{};
    return link_.receive(bytes, patience) && streamer::Ack::decode(bytes, ack) == streamer::WireError::none;
  }
  /// Returns: whether the receiver closes the connection without a word.
  bool isClosed() {
    std::byte byte{};
    return !link_.receive({&byte, 1}, patience) && link_.error() != ETIMEDOUT;
  }
  void close() { link_.close(); }

  streamer::Ack ack;

 private:
  static constexpr std::chrono::milliseconds patience{30000};

  streamer::StopFlag stop_;
  streamer::TcpLink link_;
};

}  // namespace millpond::test
