// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Session.h"

#include <fmt/format.h>

#include "cli/Receiver.h"

namespace millpond::cli {

namespace {

std::string nameOf(const asio::ip::tcp::socket& socket) {
  asio::error_code error;
  const auto peer = socket.remote_endpoint(error);
  return error ? "a peer" : HostPort{peer.address().to_string(), peer.port()}.text();
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Receiver& receiver)
    : receiver_(receiver),
      socket_(std::move(socket)),
      idle_(socket_.get_executor()),
      peer_(nameOf(socket_)) {}

void Session::close(const std::string& reason) {
  if (closed_) return;
  closed_ = true;
  asio::error_code ignored;
  socket_.close(ignored);
  idle_.cancel();
  recording_.reset();
  receiver_.sessionClosed(shared_from_this(), account_, reason.empty() ? reason : peer_ + ": " + reason);
}

void Session::claim(std::uint64_t stream_id, std::uint32_t rate) {
  account_ = &receiver_.claim(stream_id, shared_from_this());
  account_->rate = rate;
  recording_.emplace(receiver_.options().folder, rate, receiver_.options().limits, *account_);
}

void Session::refuse(const std::string& reason) {
  receiver_.countRefusal();
  close("refused: " + reason);
}

void Session::failToWrite(const std::string& reason) {
  receiver_.countWriteError();
  close(reason);
}

void Session::expectMore() {
  idle_.expires_after(receiver_.options().idle_timeout);
  idle_.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (!error) {
      self->close(
          fmt::format("closed: no whole chunk within {} ms", self->receiver_.options().idle_timeout.count()));
    }
  });
}

std::span<const std::int16_t> Session::samplesAt(std::size_t offset, std::size_t bytes) const {
  return {reinterpret_cast<const std::int16_t*>(frame_.data() + offset), bytes / sizeof(std::int16_t)};
}

}  // namespace millpond::cli
