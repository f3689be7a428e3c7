// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "millpond/EventBus.h"
#include "streamer/backlog/Backlog.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/backlog/StreamEvents.h"
#include "streamer/uplink/Backoff.h"
#include "streamer/uplink/Outage.h"
#include "streamer/uplink/Resolver.h"
#include "streamer/uplink/TcpLink.h"

namespace millpond::streamer {

/// What goes over TCP: framed chunks that are acknowledged, or bare samples.
enum class Wire : std::uint8_t { framed, raw };

/// The sending half of a device. It takes chunks off the backlog and delivers each to the receiver, however
/// often the connection breaks. Runs on the network thread; allocates nothing.
class Uplink {
 public:
  struct Config {
    /// Looks up the receiver before each attempt to connect, so that a receiver that moves is found again.
    /// Called on its own thread.
    Resolver::LookUp receiver;
    Wire wire = Wire::framed;
    std::uint64_t stream_id = 0;
    Backoff::Config backoff;
    /// Time-out for the look-up, and for each address.
    std::chrono::milliseconds connect_timeout{5000};
    /// Time-out for TCP to accept a chunk, and for its acknowledgement.
    std::chrono::milliseconds reply_timeout{10000};
    /// How long to keep trying while nothing is delivered and no sound comes in, because the input has ended
    /// or waits for room. Checked between attempts, so the last attempt may add its own time-outs.
    std::chrono::milliseconds linger{60000};
  };

  /// None of the counts ever falls.
  struct Stats {
    /// Chunks sent completely, and how many of those were retransmissions.
    std::uint32_t sent = 0;
    std::uint32_t resent = 0;
    /// Chunks that the receiver has; on the raw wire, that TCP has accepted.
    std::uint32_t delivered = 0;
    std::uint32_t connections = 0;
    std::uint32_t failed_connects = 0;
    /// Replies that were not a valid acknowledgement of the chunk in flight.
    std::uint32_t bad_replies = 0;
    bool connected = false;
    /// Why nothing is delivered at present: the last failure since a chunk was delivered. And how many such
    /// outages began.
    Outage outage;
    std::uint32_t outages = 0;
  };

  /// `bus`, if any, is notified whenever the link comes up or goes down.
  Uplink(Backlog& backlog, const Config& config, const StopFlag& stop, EventBus* bus = nullptr);

  /// Effect: sends until the stream has ended, the linger time has passed or the stop flag is raised.
  void run();
  Stats stats() const;

 private:
  using Clock = std::chrono::steady_clock;

  bool ensureConnected();
  bool connectAny();
  bool deliver(const Chunk& chunk);
  bool attempt(const Chunk& chunk);
  bool attemptRaw(const Chunk& chunk);
  bool sendFramed(const Chunk& chunk, const ChunkHeader& header);
  bool failToSend();
  void setConnected(bool connected);
  bool acknowledged(const Chunk& chunk);
  bool pause(std::chrono::milliseconds time);
  bool givenUp();
  /// Returns: false.
  bool fail(Outage::Cause cause, int detail = 0);

  Backlog& backlog_;
  EventBus* bus_;
  const Config config_;
  const StopFlag& stop_;
  TcpLink link_;
  Resolver resolver_;
  Backoff backoff_;
  bool first_connect_ = true;
  std::size_t raw_sent_ =
      0;  // bytes of the chunk in flight that TCP took: whole samples between two attempts
  std::uint32_t attempts_ = 0;
  Clock::time_point last_progress_{};

  std::atomic<std::uint32_t> sent_{0};
  std::atomic<std::uint32_t> resent_{0};
  std::atomic<std::uint32_t> delivered_{0};
  std::atomic<std::uint32_t> connections_{0};
  std::atomic<std::uint32_t> failed_connects_{0};
  std::atomic<std::uint32_t> bad_replies_{0};
  std::atomic<bool> connected_{false};
  std::atomic<Outage> outage_{};
  std::atomic<std::uint32_t> outages_{0};
};

}  // namespace millpond::streamer
