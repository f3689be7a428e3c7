// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/Session.h"

#include <fmt/format.h>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

// How long a peer that was refused may take to read why.
constexpr std::chrono::milliseconds farewell{500};

std::string nameOf(const asio::ip::tcp::socket& socket) {
  asio::error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? "a peer" : HostPort{peer.address().to_string(), peer.port()}.text();
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Receiver& receiver)
    : receiver_(receiver),
      connection_(std::move(socket), receiver.tls()),
      idle_(connection_.get_executor()),
      peer_(nameOf(connection_.socket())) {}

void Session::start() {
  guard([this] {
    if (receiver_.tls() == nullptr) {
      begin();
    } else {
      shakeHands();
    }
  });
}

void Session::shakeHands() {
  closeAfter(receiver_.options().handshake_timeout, "TLS handshake");
  connection_.asyncHandshake([self = shared_from_this()](const asio::error_code& error) {
    if (self->closed()) return;
    self->guard([&] {
      if (error) {
        self->refuseHandshake(self->receiver_.tls()->faultOf(error));
      } else {
        self->begin();
      }
    });
  });
}

// The peer is to read the alert that says why. It would be lost if the socket were closed with something
// unread.
void Session::refuseHandshake(const std::string& reason) {
  receiver_.countRefusal();
  receiver_.log().say(ReceiverLog::Kind::refused, 0, "refused: " + reason, peer_);
  asio::error_code ignored;
  connection_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  idle_.expires_after(farewell);
  idle_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (!error) self->close();
  });
  ignoreRest();
}

void Session::ignoreRest() {
  connection_.socket().async_read_some(
      asio::buffer(frame_), [self = shared_from_this()](const asio::error_code& error, std::size_t) {
        if (self->closed()) return;
        self->guard([&] {
          if (error) {
            self->close();
          } else {
            self->ignoreRest();
          }
        });
      });
}

void Session::close(const std::string& reason, ReceiverLog::Kind kind) noexcept {
  if (closed_) return;
  closed_ = true;
  asio::error_code ignored;
  connection_.socket().close(ignored);
  idle_.cancel(ignored);
  if (!reason.empty()) receiver_.log().say(kind, streamId(), reason, peer_);
  guard([this] {
    if (recording_) recording_->close();
  });
  recording_.reset();
  guard([this] { receiver_.sessionClosed(shared_from_this(), account_); });
}

void Session::fail(const std::exception& error) noexcept {
  if (dynamic_cast<const Error*>(&error) != nullptr) receiver_.countWriteError();
  receiver_.log().say(ReceiverLog::Kind::trouble, streamId(), error.what(), peer_);
  close();
}

void Session::claim(std::uint64_t stream_id, std::uint32_t rate) {
  account_ = &receiver_.claim(stream_id, shared_from_this());
  account_->rate = rate;
  recording_.emplace(receiver_.folder(), rate, receiver_.options().limits, *account_);
  narrate(ReceiverLog::Kind::begin,
          account_->next == 0 ? fmt::format("begins, from {}", peer_)
                              : fmt::format("goes on at sample {}, from {}", account_->next, peer_));
}

void Session::record(std::uint64_t first, std::span<const std::int16_t> samples) {
  const std::uint64_t expected = account_->next;
  recording_->append(first, samples);
  ++account_->chunks;
  account_->lag.arrived(std::chrono::steady_clock::now(), account_->next, account_->rate);
  if (first > expected) {
    narrate(ReceiverLog::Kind::gap,
            fmt::format("has a gap of {} samples at sample {}", first - expected, expected));
  }
}

void Session::setEnded(bool ended) {
  if (ended && !account_->ended)
    narrate(ReceiverLog::Kind::end, fmt::format("ended at sample {}", account_->next));
  account_->ended = ended;
}

void Session::narrate(ReceiverLog::Kind kind, const std::string& what) {
  if (!receiver_.options().narrate) return;
  receiver_.log().say(kind, account_->stream_id, fmt::format("stream {:016x} {}", account_->stream_id, what));
}

void Session::refuse(const std::string& reason) {
  receiver_.countRefusal();
  close("refused: " + reason, ReceiverLog::Kind::refused);
}

void Session::expectMore() { closeAfter(receiver_.options().idle_timeout, "whole chunk"); }

void Session::closeAfter(std::chrono::milliseconds time, const char* what) {
  idle_.expires_after(time);
  idle_.async_wait([self = shared_from_this(), time, what](const asio::error_code& error) {
    if (error) return;
    self->guard([&] { self->close(fmt::format("closed: no {} within {} ms", what, time.count())); });
  });
}

// A record of a handshake, of TLS 1.x, with a ClientHello that fills it.
bool Session::mayBeginTls(std::span<const std::byte> bytes) {
  const auto at = [bytes](std::size_t index) { return std::to_integer<unsigned>(bytes[index]); };
  const std::size_t size = bytes.size();
  if (size > 0 && at(0) != 22) return false;
  if (size > 1 && at(1) != 3) return false;
  if (size > 5 && at(5) != 1) return false;
  if (size > 6 && at(6) != 0) return false;
  return size < tls_begin_size || at(3) * 256 + at(4) == at(7) * 256 + at(8) + 4;
}

std::span<const std::int16_t> Session::samplesAt(std::size_t offset, std::size_t bytes) const {
  return {reinterpret_cast<const std::int16_t*>(frame_.data() + offset), bytes / sizeof(std::int16_t)};
}

}  // namespace millpond::cli
