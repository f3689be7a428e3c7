// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "streamer/wire/Ack.h"
#include "streamer/wire/AudioFormat.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::bench {

using Clock = std::chrono::steady_clock;

inline constexpr std::chrono::milliseconds chunk_time{1000 * streamer::chunk_samples / streamer::sample_rate};

/// What all streams saw.
struct LoadAccount {
  /// For each acknowledged chunk, how long after it was due its acknowledgement came.
  std::vector<std::chrono::microseconds> delays;
  /// How many streams have their first acknowledgement, and when the last of them came.
  std::size_t joined = 0;
  Clock::time_point last_joined;
  std::size_t failed = 0;
  std::string first_failure;
};

/// A device that sends a chunk of 600 ms every 600 ms. One that is not acknowledged in time delays those
/// after it.
class Stream {
 public:
  struct Plan {
    asio::ip::tcp::endpoint receiver;
    std::uint64_t stream_id = 0;
    std::uint64_t first_sample = 0;
    /// When the first chunk is due, and from when on none is sent any more.
    Clock::time_point begin;
    Clock::time_point end;
  };

  /// Effect: connects when its first chunk is due. Requires: `payload` and `account` outlive the object.
  Stream(asio::io_context& context, const Plan& plan, std::span<const std::byte> payload,
         LoadAccount& account);

 private:
  void send();
  void readAck();
  void onAck();
  void fail(const std::string& reason);

  Plan plan_;
  std::span<const std::byte> payload_;
  LoadAccount& account_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  Clock::time_point due_;
  streamer::ChunkHeader header_;
  std::array<std::byte, streamer::ChunkHeader::size> head_{};
  streamer::Ack::Bytes ack_{};
};

}  // namespace millpond::bench
