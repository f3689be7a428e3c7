// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/uplink/Uplink.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "streamer/wire/Ack.h"

namespace millpond::streamer {

namespace {

// How often a pause checks the stop flag and the end of the input.
constexpr std::chrono::milliseconds pause_step{50};
// How long to wait for the peer to close its side once everything is sent.
constexpr std::chrono::milliseconds finish_timeout{2000};

// Requires: one task alone writes `word`.
void count(Word& word) { word.store(word.load() + 1); }

}  // namespace

Uplink::Uplink(const Parts& parts, const Config& config)
    : parts_(parts),
      config_(config),
      backoff_(config.backoff, config.stream_id),
      given_up_(Deadline::in(config.linger)) {}

void Uplink::run() {
  progressed();
  while (parts_.backlog.waitForChunk()) {
    if (!ensureConnected()) break;
    const Chunk* chunk = parts_.backlog.beginSend();
    if (chunk == nullptr) continue;
    if (!deliver(*chunk)) break;
    parts_.backlog.finishSend();
    count(delivered_);
  }
  parts_.link.finish(finish_timeout);
  setConnected(false);
}

bool Uplink::ensureConnected() {
  while (!parts_.link.connected()) {
    if (!first_connect_ && !pause(std::chrono::milliseconds(backoff_.next()))) return false;
    first_connect_ = false;
    if (connectAny()) {
      count(connections_);
      setConnected(true);
    } else {
      count(failed_connects_);
    }
  }
  return true;
}

bool Uplink::connectAny() {
  const Endpoints* receiver = parts_.resolver.resolve(config_.connect_timeout);
  if (receiver == nullptr) return fail(Outage::Cause::slow_lookup);
  if (receiver->list().empty()) return fail(Outage::Cause::unresolved, receiver->error());
  for (const Endpoint& endpoint : receiver->list()) {
    if (parts_.link.connect(endpoint, config_.connect_timeout)) return true;
  }
  const Outage refusal = parts_.link.refusal();
  if (refusal.cause != Outage::Cause::none) return fail(refusal.cause, refusal.detail);
  return fail(Outage::Cause::unreachable, parts_.link.error());
}

bool Uplink::deliver(const Chunk& chunk) {
  attempts_ = 0;
  raw_sent_ = 0;
  while (ensureConnected()) {
    const bool done = config_.wire == Wire::raw ? attemptRaw(chunk) : attempt(chunk);
    if (done) {
      backoff_.reset();
      progressed();
      outage_.store(Outage{}.word());
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
  count(sent_);
  if (attempts_++ > 0) count(resent_);
  return acknowledged(chunk);
}

bool Uplink::sendFramed(const Chunk& chunk, const ChunkHeader& header) {
  if (!chunk.direct) {
    header.encode(chunk.frame());
    return parts_.link.send(chunk.frame(), config_.reply_timeout) == chunk.frame().size();
  }
  std::array<std::byte, ChunkHeader::size> head{};
  header.encode(head, chunk.payload());
  return parts_.link.send(head, config_.reply_timeout) == head.size() &&
         parts_.link.send(chunk.payload(), config_.reply_timeout) == chunk.payloadBytes();
}

bool Uplink::attemptRaw(const Chunk& chunk) {
  const std::span<const std::byte> rest = chunk.payload().subspan(raw_sent_);
  const std::size_t sent = parts_.link.send(rest, config_.reply_timeout);
  raw_sent_ += sent;
  if (sent != rest.size()) {
    raw_sent_ -= raw_sent_ % sizeof(std::int16_t);  // the next connection starts at a whole sample
    if (sent > 0) progressed();
    return failToSend();
  }
  count(sent_);
  return true;
}

bool Uplink::failToSend() {
  return parts_.link.error() == ETIMEDOUT ? fail(Outage::Cause::not_read)
                                          : fail(Outage::Cause::broken, parts_.link.error());
}

bool Uplink::acknowledged(const Chunk& chunk) {
  Ack::Bytes bytes{};
  if (!parts_.link.receive(bytes, config_.reply_timeout)) {
    const int error = parts_.link.error();
    if (error == 0) return fail(Outage::Cause::closed);
    return error == ETIMEDOUT ? fail(Outage::Cause::not_answered) : fail(Outage::Cause::broken, error);
  }
  Ack ack;
  const WireError wrong = Ack::decode(bytes, ack);
  if (wrong == WireError::none && ack.stream_id == config_.stream_id && ack.sequence == chunk.sequence &&
      ack.next_sample >= chunk.range().end()) {
    return true;
  }
  count(bad_replies_);
  parts_.link.close();
  return wrong == WireError::none ? fail(Outage::Cause::wrong_answer)
                                  : fail(Outage::Cause::bad_answer, static_cast<int>(wrong));
}

bool Uplink::pause(std::chrono::milliseconds time) {
  const Deadline until = Deadline::in(time);
  while (!parts_.stop.raised() && !givenUp()) {
    if (until.passed()) return true;
    until.earlierOf(Deadline::in(pause_step)).sleep();
  }
  return false;
}

bool Uplink::givenUp() {
  if (parts_.backlog.stalled()) return given_up_.passed();
  progressed();
  return false;
}

bool Uplink::fail(Outage::Cause cause, int detail) {
  setConnected(false);
  if (parts_.stop.raised()) return false;  // the stop ended the attempt
  if (Outage::of(outage_.load()).cause == Outage::Cause::none) count(outages_);
  outage_.store(Outage{cause, static_cast<std::int16_t>(detail)}.word());
  return false;
}

void Uplink::setConnected(bool connected) {
  const bool changed = (connected_.load() != 0) != connected;
  connected_.store(connected ? 1 : 0);
  if (changed && parts_.bus != nullptr) parts_.bus->publish(LinkChanged::event, LinkChanged{connected});
}

Uplink::Stats Uplink::stats() const {
  return {.sent = sent_.load(),
          .resent = resent_.load(),
          .delivered = delivered_.load(),
          .connections = connections_.load(),
          .failed_connects = failed_connects_.load(),
          .bad_replies = bad_replies_.load(),
          .connected = connected_.load() != 0,
          .outage = Outage::of(outage_.load()),
          .outages = outages_.load()};
}

}  // namespace millpond::streamer
