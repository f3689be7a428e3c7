// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/receiver/Stream.h"

#include <asio/read.hpp>
#include <asio/write.hpp>

namespace millpond::bench {

Stream::Stream(asio::io_context& context, const Plan& plan, std::span<const std::byte> payload,
               LoadAccount& account)
    : plan_(plan),
      payload_(payload),
      account_(account),
      socket_(context),
      timer_(context, plan.begin),
      due_(plan.begin),
      header_{.stream_id = plan.stream_id,
              .payload_bytes = static_cast<std::uint32_t>(payload.size()),
              .first_sample = plan.first_sample} {
  timer_.async_wait([this](const asio::error_code&) {
    socket_.async_connect(plan_.receiver, [this](const asio::error_code& error) {
      if (error) return fail("cannot connect: " + error.message());
      send();
    });
  });
}

void Stream::send() {
  header_.encode(head_, payload_);
  const std::array<asio::const_buffer, 2> frame{
      {asio::buffer(head_), asio::buffer(payload_.data(), payload_.size())}};
  asio::async_write(socket_, frame, [this](const asio::error_code& error, std::size_t) {
    if (error) return fail("cannot send: " + error.message());
    readAck();
  });
}

void Stream::readAck() {
  asio::async_read(socket_, asio::buffer(ack_), [this](const asio::error_code& error, std::size_t) {
    if (error) return fail("no acknowledgement: " + error.message());
    onAck();
  });
}

void Stream::onAck() {
  streamer::Ack ack;
  const std::uint64_t next = header_.first_sample + header_.samples();
  if (streamer::Ack::decode(ack_, ack) != streamer::WireError::none || ack.next_sample != next)
    return fail("an acknowledgement of something else");
  const auto now = Clock::now();
  account_.delays.push_back(std::chrono::duration_cast<std::chrono::microseconds>(now - due_));
  if (header_.sequence == 0) {
    ++account_.joined;
    account_.last_joined = now;
  }
  ++header_.sequence;
  header_.first_sample = next;
  due_ += chunk_time;
  if (due_ >= plan_.end) return socket_.close();
  timer_.expires_at(due_);
  timer_.async_wait([this](const asio::error_code&) { send(); });
}

void Stream::fail(const std::string& reason) {
  if (account_.failed++ == 0) account_.first_failure = reason;
  asio::error_code ignored;
  socket_.close(ignored);
}

}  // namespace millpond::bench
