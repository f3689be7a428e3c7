// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Uplink.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include "streamer/wire/Ack.h"

namespace millpond::streamer {

namespace {

// How often a pause checks the stop flag and the end of the input.
constexpr std::chrono::milliseconds pause_step{50};
// How long to wait for the peer to close its side once everything is sent.
constexpr std::chrono::milliseconds finish_timeout{2000};

}  // namespace

Uplink::Uplink(Backlog& backlog, const Config& config, const StopFlag& stop, EventBus* bus)
    : backlog_(backlog),
      bus_(bus),
      config_(config),
      stop_(stop),
      link_(stop),
      resolver_(config.receiver, stop),
      backoff_(config.backoff, config.stream_id) {}

void Uplink::run() {
  last_progress_ = Clock::now();
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
    }
  }
  return true;
}

bool Uplink::connectAny() {
  const Endpoints* receiver = resolver_.resolve(config_.connect_timeout);
  if (receiver == nullptr) return fail(Outage::Cause::slow_lookup);
  if (receiver->list.empty()) return fail(Outage::Cause::unresolved, receiver->error);
  for (const Endpoint& endpoint : receiver->list) {
    if (link_.connect(endpoint, config_.connect_timeout)) return true;
  }
  return fail(Outage::Cause::unreachable, link_.error());
}

bool Uplink::deliver(const Chunk& chunk) {
  attempts_ = 0;
  raw_sent_ = 0;
  while (ensureConnected()) {
    const bool done = config_.wire == Wire::raw ? attemptRaw(chunk) : attempt(chunk);
    if (done) {
      backoff_.reset();
      last_progress_ = Clock::now();
      outage_ = Outage{};
      return true;
    }
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
  if (!sendFramed(chunk, header)) return failToSend();
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
    raw_sent_ -= raw_sent_ % sizeof(std::int16_t);  // the next connection starts at a whole sample
    if (sent > 0) last_progress_ = Clock::now();
    return failToSend();
  }
  ++sent_;
  return true;
}

bool Uplink::failToSend() {
  return link_.error() == ETIMEDOUT ? fail(Outage::Cause::not_read)
                                    : fail(Outage::Cause::broken, link_.error());
}

bool Uplink::acknowledged(const Chunk& chunk) {
  Ack::Bytes bytes{};
  if (!link_.receive(bytes, config_.reply_timeout)) {
    const int error = link_.error();
    if (error == 0) return fail(Outage::Cause::closed);
    return error == ETIMEDOUT ? fail(Outage::Cause::not_answered) : fail(Outage::Cause::broken, error);
  }
  Ack ack;
  const WireError wrong = Ack::decode(bytes, ack);
  if (wrong == WireError::none && ack.stream_id == config_.stream_id && ack.sequence == chunk.sequence &&
      ack.next_sample >= chunk.range().end()) {
    return true;
  }
  ++bad_replies_;
  link_.close();
  return wrong == WireError::none ? fail(Outage::Cause::wrong_answer)
                                  : fail(Outage::Cause::bad_answer, static_cast<int>(wrong));
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
  const Clock::time_point now = Clock::now();
  if (backlog_.stalled()) return now - last_progress_ >= config_.linger;
  last_progress_ = now;
  return false;
}

bool Uplink::fail(Outage::Cause cause, int detail) {
  setConnected(false);
  if (stop_.raised()) return false;  // the stop ended the attempt
  if (outage_.load().cause == Outage::Cause::none) ++outages_;
  outage_ = Outage{cause, static_cast<std::int16_t>(detail)};
  return false;
}

void Uplink::setConnected(bool connected) {
  const bool changed = connected_.exchange(connected) != connected;
  if (changed && bus_ != nullptr) bus_->publish(LinkChanged::event, LinkChanged{connected});
}

Uplink::Stats Uplink::stats() const {
  return {sent_,        resent_,    delivered_, connections_, failed_connects_,
          bad_replies_, connected_, outage_,    outages_};
}

}  // namespace millpond::streamer
