// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Uplink.h"

#include <algorithm>
#include <array>
#include <thread>

#include "streamer/Ack.h"

namespace millpond::streamer {

namespace {

// How often a pause looks at the stop flag and at the end of the input.
constexpr std::chrono::milliseconds pause_step{50};
// For the peer to close its side once everything is sent.
constexpr std::chrono::milliseconds finish_timeout{2000};

}  // namespace

Uplink::Uplink(Backlog& backlog, const Config& config, const StopFlag& stop, EventBus* bus)
    : backlog_(backlog),
      bus_(bus),
      config_(config),
      stop_(stop),
      link_(stop),
      backoff_(config.backoff, config.stream_id) {}

void Uplink::run() {
  while (backlog_.waitForChunk()) {
    if (!ensureConnected()) break;
    const Chunk* chunk = backlog_.beginSend();
    if (chunk == nullptr) continue;
    if (!deliver(*chunk)) break;
    backlog_.finishSend();
    ++delivered_;
  }
  link_.finish(finish_timeout);
  setConnected(false);
}

bool Uplink::ensureConnected() {
  while (!link_.connected()) {
    if (!first_connect_ && !pause(std::chrono::milliseconds(backoff_.next()))) return false;
    first_connect_ = false;
    if (connectAny()) {
      ++connections_;
      setConnected(true);
    } else {
      ++failed_connects_;
      noteFailure();
    }
  }
  return true;
}

bool Uplink::connectAny() {
  for (std::size_t i = 0; i < config_.receiver.count; ++i) {
    if (link_.connect(config_.receiver.list[i], config_.connect_timeout)) return true;
  }
  return false;
}

bool Uplink::deliver(const Chunk& chunk) {
  attempts_ = 0;
  raw_sent_ = 0;
  while (ensureConnected()) {
    const bool done = config_.wire == Wire::raw ? attemptRaw(chunk) : attempt(chunk);
    if (done) {
      backoff_.reset();
      last_progress_ = Clock::now();
      return true;
    }
    noteFailure();
  }
  return false;
}

bool Uplink::attempt(const Chunk& chunk) {
  const ChunkHeader header{
      .stream_id = config_.stream_id,
      .sequence = chunk.sequence,
      .payload_bytes = static_cast<std::uint32_t>(chunk.payloadBytes()),
      .first_sample = chunk.first,
      .end_of_stream = chunk.end_of_stream,
  };
  if (!sendFramed(chunk, header)) return false;
  ++sent_;
  if (attempts_++ > 0) ++resent_;
  return acknowledged(chunk);
}

bool Uplink::sendFramed(const Chunk& chunk, const ChunkHeader& header) {
  if (!chunk.direct) {
    header.encode(chunk.frame());
    return link_.send(chunk.frame(), config_.reply_timeout) == chunk.frame().size();
  }
  std::array<std::byte, ChunkHeader::size> head{};
  header.encode(head, chunk.payload());
  return link_.send(head, config_.reply_timeout) == head.size() &&
         link_.send(chunk.payload(), config_.reply_timeout) == chunk.payloadBytes();
}

bool Uplink::attemptRaw(const Chunk& chunk) {
  const std::span<const std::byte> rest = chunk.payload().subspan(raw_sent_);
  const std::size_t sent = link_.send(rest, config_.reply_timeout);
  raw_sent_ += sent;
  if (sent != rest.size()) {
    raw_sent_ -= raw_sent_ % sizeof(std::int16_t);  // the next connection starts with a whole sample
    return false;
  }
  ++sent_;
  return true;
}

bool Uplink::acknowledged(const Chunk& chunk) {
  Ack::Bytes bytes{};
  if (!link_.receive(bytes, config_.reply_timeout)) return false;
  Ack ack;
  const bool valid = Ack::decode(bytes, ack) == WireError::none && ack.stream_id == config_.stream_id &&
                     ack.sequence == chunk.sequence && ack.next_sample >= chunk.range().end();
  if (!valid) {
    ++bad_replies_;
    link_.close();
  }
  return valid;
}

bool Uplink::pause(std::chrono::milliseconds time) {
  const Clock::time_point until = Clock::now() + time;
  while (!stop_.raised() && !givenUp()) {
    const Clock::time_point now = Clock::now();
    if (now >= until) return true;
    std::this_thread::sleep_for(std::min<Clock::duration>(pause_step, until - now));
  }
  return false;
}

bool Uplink::givenUp() {
  if (!input_ended_) {
    input_ended_ = backlog_.inputClosed();
    last_progress_ = Clock::now();
  }
  return input_ended_ && Clock::now() - last_progress_ >= config_.linger;
}

void Uplink::noteFailure() {
  setConnected(false);
  last_error_ = link_.error();
}

void Uplink::setConnected(bool connected) {
  const bool changed = connected_.exchange(connected) != connected;
  if (changed && bus_ != nullptr) bus_->publish(LinkChanged::event, LinkChanged{connected});
}

Uplink::Stats Uplink::stats() const {
  return {sent_, resent_, delivered_, connections_, failed_connects_, bad_replies_, connected_, last_error_};
}

}  // namespace millpond::streamer
