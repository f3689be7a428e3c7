// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstdint>

#include "millpond/EventBus.h"
#include "streamer/backlog/Backlog.h"
#include "streamer/backlog/Deadline.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/backlog/StreamEvents.h"
#include "streamer/uplink/Backoff.h"
#include "streamer/uplink/Link.h"
#include "streamer/uplink/Outage.h"
#include "streamer/uplink/Resolver.h"

namespace millpond::streamer {

/// What goes over TCP: framed chunks that are acknowledged, or bare samples.
enum class Wire : std::uint8_t { framed, raw };

/// The sending half of a device. It takes chunks off the backlog and delivers each to the receiver, however
/// often the connection breaks. Runs on the network task; allocates nothing.
class Uplink {
 public:
  struct Config {
    Wire wire = Wire::framed;
    std::uint64_t stream_id = 0;
    Backoff::Config backoff{};
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

  /// What the uplink works with. All of it outlives the uplink.
  struct Parts {
    Backlog& backlog;
    /// Asked before each attempt to connect, so that a receiver that moves is found again.
    Resolver& resolver;
    Link& link;
    const StopFlag& stop;
    /// If any, told whenever the link comes up or goes down.
    EventBus* bus = nullptr;
  };

  Uplink(const Parts& parts, const Config& config);

  /// Effect: sends until the stream has ended, the linger time has passed or the stop flag is raised.
  void run();
  Stats stats() const;

 private:
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
  void progressed() { given_up_ = Deadline::in(config_.linger); }
  bool givenUp();
  /// Returns: false.
  bool fail(Outage::Cause cause, int detail = 0);

  const Parts parts_;
  const Config config_;
  Backoff backoff_;
  bool first_connect_ = true;
  std::size_t raw_sent_ =
      0;  // bytes of the chunk in flight that TCP took: whole samples between two attempts
  std::uint32_t attempts_ = 0;
  Deadline given_up_;

  // Written by the network task alone, read by any.
  Word sent_;
  Word resent_;
  Word delivered_;
  Word connections_;
  Word failed_connects_;
  Word bad_replies_;
  Word connected_;
  Word outage_;
  Word outages_;
};

}  // namespace millpond::streamer
